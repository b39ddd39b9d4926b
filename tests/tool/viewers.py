# SPDX-License-Identifier: GPL-2.0-only
"""Compares what viewers made of report --format=chrome with the JSON of the same recording.

viewers.py NAME...: reads NAME.trace.json, NAME.json, NAME.jsonl, NAME.firefox (of profiler-cli profile
markers) and NAME.trace.json.speedscope, and prints what is wrong, below a line with the name.
"""
import collections
import json
import math
import re
import sys


def wrong(fmt, *args):
    print(fmt % args)


def load(path):
    with open(path) as f:
        return json.load(f)


def of_reports(name):
    """(group, track, name, begin, end) of each slice; the track of a requester isn't in the JSON."""
    report = load(name + '.json')
    last = report['recording']['start_ns'] + report['recording']['duration_ns']
    with open(name + '.jsonl') as f:
        attempts = [json.loads(line) for line in f]
    for phase in report.get('boot', {}).get('phases', []):
        yield ('boot', 'boot', 'until %s' % (phase['until'] or 'the end'), phase['from_ns'], phase['until_ns'])
    for a in attempts:
        yield ('modules', a['module'], a['outcome'], a['begin_ns'], a['end_ns'] or last)
        yield ('requesters', None, a['module'], a['begin_ns'], a['end_ns'] or last)


def of_firefox(name):
    """Milliseconds since the first event; nothing is left out of a list that has its total."""
    found = load(name + '.firefox')
    if found['totalCount'] != len(found['markers']):
        wrong('%s markers, of which %s are shown', found['totalCount'], len(found['markers']))
    for m in found['markers']:
        group = m['processName']
        begin = round(m['start'] * 1e6)
        end = begin + round((m.get('duration') or 0) * 1e6)
        yield (group, None if group == 'requesters' else m['threadName'], m['name'], begin, end)


def of_speedscope(name):
    """Microseconds since the first event of each track; arguments are part of a frame's name."""
    found = load(name + '.trace.json.speedscope')
    first = {}
    for e in load(name + '.trace.json')['traceEvents']:
        if e['ph'] == 'X':
            key = (e['pid'], e['tid'])
            first[key] = min(first.get(key, math.inf), round(e['ts'] * 1000))
    frames = [re.sub(' {.*', '', f['name']) for f in found['shared']['frames']]
    for profile in found['profiles']:
        group, pid, track, tid = re.match(r'(\w+) \(pid (\d+)\), (.*) \(tid (\d+)\)$', profile['name']).groups()
        zero = first.pop((int(pid), int(tid)))
        opened = []
        for e in profile['events']:
            if e['type'] == 'O':
                opened.append((e['frame'], zero + round(e['at'] * 1000)))
                if len(opened) > 1:
                    wrong('%s: a slice within another', profile['name'])
            else:
                frame, begin = opened.pop()
                if frame != e['frame']:
                    wrong('%s: ends and begins differ', profile['name'])
                yield (group, None if group == 'requesters' else track, frames[frame], begin,
                       zero + round(e['at'] * 1000))
    if first:
        wrong('tracks are missing: %s', first)


def compare(viewer, want, got):
    want, got = collections.Counter(want), collections.Counter(got)
    if want != got:
        wrong('%s: %d slices, of %d: missing %s, too many %s', viewer, sum(got.values()), sum(want.values()),
              list((want - got).items())[:3], list((got - want).items())[:3])


def check(name):
    slices = list(of_reports(name))
    zero = min(s[3] for s in slices)
    compare('Firefox Profiler', [s[:3] + (s[3] - zero, s[4] - zero) for s in slices], of_firefox(name))
    compare('speedscope', slices, of_speedscope(name))


def main():
    for name in sys.argv[1:]:
        print('%s:' % name)
        check(name)


main()
