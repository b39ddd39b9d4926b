# SPDX-License-Identifier: GPL-2.0-only
"""Compares traces for other viewers with the reports of the same recording.

traced.py NAME...: reads NAME.perfetto.txt (as protoc --decode prints it), NAME.chrome, NAME.json and
NAME.jsonl, and prints what is wrong, below a line with the name.
"""
import collections
import json
import re
import sys

LOSERS = ('merged', 'exists', 'busy')


def wrong(fmt, *args):
    print(fmt % args)


def parse(text):
    """protobuf's text format: fields by name, each a list."""
    stack = [collections.defaultdict(list)]
    for line in text.split('\n'):
        line = line.strip()
        if line.endswith('{'):
            inner = collections.defaultdict(list)
            stack[-1][line[:-1].strip()].append(inner)
            stack.append(inner)
        elif line == '}':
            stack.pop()
        elif line:
            key, value = line.split(': ', 1)
            if re.match(r'\d+$', key):
                wrong('a field without a name: %s', line)
            if value.startswith('"'):
                value = value[1:-1].encode('latin-1').decode('unicode_escape').encode('latin-1').decode()
            else:
                value = int(value)
            stack[-1][key].append(value)
    return stack[0]


def one(message, key, other=None):
    return message[key][0] if message[key] else other


class Slice:
    def __init__(self, group, track, name, begin, notes):
        self.group, self.track, self.name, self.begin = group, track, name, begin
        self.end, self.notes = None, notes

    def key(self):
        return (self.group, self.track, self.name, self.begin, self.end or 0,
                self.notes.get('task', 0))


class Traced:
    """What a format has: slices by group, flows as pairs of slices, counters as lists of values."""

    def __init__(self):
        self.slices = []
        self.flows = {}
        self.counters = collections.defaultdict(list)

    def flow(self, number, side, piece, ns):
        pair = self.flows.setdefault(number, {})
        if side in pair:
            wrong('flow %d has two %ss', number, side)
        pair[side] = (piece, ns)


def read_perfetto(name):
    with open(name + '.perfetto.txt') as f:
        packets = parse(f.read())['packet']
    t = Traced()
    tracks, names = {}, {}
    events = []
    for order, p in enumerate(packets):
        if one(p, 'sequence') != 1:
            wrong('a packet without its sequence')
        for track in p['track']:
            if one(track, 'uuid') in tracks:
                wrong('track %s twice', one(track, 'uuid'))
            tracks[one(track, 'uuid')] = track
        for data in p['interned']:
            names.update((one(n, 'iid'), one(n, 'name')) for n in data['names'])
            if one(p, 'flags') != 1:
                wrong('names without a begin of their sequence')
        for event in p['event']:
            if one(event, 'track') not in tracks:
                wrong('an event ahead of its track')
            if event['note'] and one(p, 'flags') != 2:
                wrong('an event whose names need none')
            events.append((one(p, 'timestamp'), order, event))
    running = {}
    for ns, order, event in sorted(events, key=lambda e: e[:2]):
        track = tracks[one(event, 'track')]
        kind = one(event, 'type')
        parent = one(track, 'parent')
        group = one(tracks[parent], 'name') if parent else 'boot'
        uuid = one(track, 'uuid')
        if kind == 4:
            if not track['counter']:
                wrong('a counter on a track that is none')
            t.counters[one(track, 'name')].append((ns, one(event, 'counter')))
            continue
        if kind == 1:
            if uuid in running:
                wrong('%s: a slice begins within another', one(track, 'name'))
            notes = {names[one(n, 'iid')]: one(n, 'number', one(n, 'text')) for n in event['note']}
            running[uuid] = Slice(group, one(track, 'name'), one(event, 'name'), ns, notes)
            t.slices.append(running[uuid])
        elif kind == 3 and group == 'boot':
            continue
        elif uuid not in running:
            wrong('%s: an end, or an instant, without a slice', one(track, 'name'))
            continue
        for number in event['flow']:
            t.flow(number, 'begin', running[uuid], ns)
        for number in event['terminating']:
            t.flow(number, 'end', running[uuid], ns)
        if kind == 2:
            running.pop(uuid).end = ns
    return t


def ns_of(us):
    return round(us * 1000) if isinstance(us, int) else int(us.replace('.', '')) * (1 if '.' in us else 1000)


def read_chrome(name):
    with open(name + '.chrome') as f:
        events = json.load(f, parse_float=str)['traceEvents']
    t = Traced()
    processes = {e['pid']: e['args']['name'] for e in events if e['name'] == 'process_name'}
    threads = {(e['pid'], e['tid']): e['args']['name'] for e in events if e['name'] == 'thread_name'}
    by_thread = collections.defaultdict(list)
    for e in events:
        if e['ph'] == 'C':
            t.counters[e['name']].append((ns_of(e['ts']), list(e['args'].values())[0]))
        elif e['ph'] == 'X':
            key = (e['pid'], e['tid'])
            s = Slice(processes[e['pid']], threads[key], e['name'], ns_of(e['ts']), e.get('args', {}))
            s.end = s.begin + ns_of(e['dur'])
            by_thread[key].append(s)
            t.slices.append(s)
    for key, slices in by_thread.items():
        slices.sort(key=lambda s: s.begin)
        for a, b in zip(slices, slices[1:]):
            if a.end > b.begin:
                wrong('chrome: %s: slices overlap', threads[key])
    for e in events:
        if e['ph'] in 'sf':
            ns = ns_of(e['ts'])
            around = [s for s in by_thread[e['pid'], e['tid']]
                      if s.begin <= ns <= s.end]
            if len(around) != 1:
                wrong('chrome: flow %d: %d slices', e['id'], len(around))
            else:
                t.flow(e['id'], 'begin' if e['ph'] == 's' else 'end', around[0], ns)
    return t


def check(format, t, report, attempts, open_end):
    want = collections.Counter(('modules', a['module'][:255], a['outcome'], a['begin_ns'],
                                a['end_ns'] or open_end, a['tid']) for a in attempts)
    got = collections.Counter(s.key() for s in t.slices if s.group == 'modules')
    if want != got:
        wrong('%s: slices differ: %s', format, list((want - got).items())[:3] + list((got - want).items())[:3])
    want = collections.Counter((a['module'][:255], a['begin_ns'], a['end_ns'] or open_end) for a in attempts)
    got = collections.Counter((s.name, s.begin, s.end or 0) for s in t.slices if s.group == 'requesters')
    if want != got:
        wrong("%s: requesters' slices differ: %s", format, list((want - got).items())[:3])
    by_key = {(a['module'][:255], a['begin_ns'], a['tid']): a for a in attempts}
    for s in t.slices:
        a = by_key.get((s.track, s.begin, s.notes.get('task'))) if s.group == 'modules' else None
        if not a:
            continue
        for key in ('read_bytes', 'image_bytes', 'layout_bytes', 'wait_ns', 'leader', 'errno'):
            if s.notes.get(key) != a[key]:
                wrong('%s: %s of %s is %s, not %s', format, key, s.track, s.notes.get(key), a[key])
    phases = [(p['from_ns'], p['until_ns']) for p in report.get('boot', {}).get('phases', [])]
    got = [(s.begin, s.end) for s in t.slices if s.group == 'boot']
    if phases != sorted(got):
        wrong('%s: phases %s, not %s', format, got, phases)
    ended = set()
    for number, pair in t.flows.items():
        if len(pair) != 2:
            wrong('%s: flow %d has only its %s', format, number, list(pair))
            continue
        (winner, begin), (loser, end) = pair['begin'], pair['end']
        if begin >= end and not (begin == end and format == 'chrome'):
            wrong('%s: flow %d ends ahead of its begin', format, number)
        if winner.track != loser.track or loser.name not in LOSERS or winner is loser:
            wrong('%s: a flow from %s, %s to %s, %s', format, winner.track, winner.name, loser.track,
                  loser.name)
        if loser.notes.get('leader', winner.notes['task']) != winner.notes['task'] and \
                any(a['tid'] == loser.notes['leader'] and a['module'][:255] == loser.track
                    for a in attempts):
            wrong('%s: a flow from %s, not from the leader %s', format, winner.notes, loser.notes)
        if id(loser) in ended:
            wrong('%s: two flows to one loser', format)
        ended.add(id(loser))
    led = sum(1 for a in attempts if a['leader'] and any(
        b['tid'] == a['leader'] and b['module'] == a['module'] and b['begin_ns'] < a['end_ns']
        for b in attempts))
    if len(t.flows) < led:
        wrong('%s: %d flows, of %d with a leader', format, len(t.flows), led)
    waiting = [value for _, value in t.counters['waiting now']]
    if any(v < 0 for v in waiting) or (waiting and waiting[-1] and all(a['end_ns'] for a in attempts)):
        wrong('%s: waiting at the end: %s', format, waiting[-1])
    wasted = [value for _, value in t.counters['bytes wasted']]
    if report['totals']['wasted_bytes'] is not None and \
            (wasted[-1] if wasted else 0) != report['totals']['wasted_bytes']:
        wrong('%s: %s bytes wasted', format, wasted[-1:])


def main():
    for name in sys.argv[1:]:
        print('%s:' % name)
        with open(name + '.json') as f:
            report = json.load(f)
        with open(name + '.jsonl') as f:
            attempts = [json.loads(line) for line in f]
        perfetto, chrome = read_perfetto(name), read_chrome(name)
        check('perfetto', perfetto, report, attempts, 0)
        # Viewers of Chrome's format want an end of everything.
        check('chrome', chrome, report, attempts,
              report['recording']['start_ns'] + report['recording']['duration_ns'])
        if len(perfetto.flows) != len(chrome.flows) or perfetto.counters != chrome.counters:
            wrong('the formats differ in flows or counters')
        print('flows %d' % len(perfetto.flows), file=sys.stderr)


main()
