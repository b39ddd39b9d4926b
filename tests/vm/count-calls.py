#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""count-calls.py TRACE: what module loads there were, by probes of the two system calls and of
kernel_read_file() in ftrace's text. It shares no code with modtrace, whose figures it is to judge:
who called kernel_read_file() did the work of a load, who didn't was given another's result.
Prints KEY=VALUE lines."""
import re
import sys

LINE = re.compile(r'-(\d+)\s+\[\d+\]\s+\S+\s+([\d.]+):\s+([\w.]+):\s*(.*)$')


def fields(text):
    return dict(re.findall(r'(\w+)=(\S+)', text))


def main():
    count = dict.fromkeys(['calls', 'open', 'loaded', 'merged', 'exists', 'busy', 'failed',
                           'refused', 'init_calls', 'read_by_duplicates', 'read_by_others',
                           'duplicate_ns'], 0)
    calls = {}
    for line in open(sys.argv[1], errors='replace'):
        found = LINE.search(line)
        if not found:
            continue
        tid, time, event, rest = found.groups()
        time = int(time.replace('.', ''))
        if event in ('c_finit', 'c_init'):
            calls[tid] = {'begin': time, 'init': event == 'c_init', 'read': None, 'load': False}
            if event == 'c_init':
                calls[tid]['read'] = int(fields(rest)['len'], 0)
            continue
        call = calls.get(tid)
        if not call:
            continue
        if event == 'c_read' and not call['load'] and call['read'] is None:
            call['read'] = 0
        elif event == 'c_read_done' and not call['load'] and not call['init']:
            call['read'] = max(0, int(fields(rest)['bytes'], 0))
        elif event == 'module_load':
            call['load'] = True
        elif event in ('c_finit_done', 'c_init_done'):
            del calls[tid]
            ret = int(fields(rest)['ret'], 0)
            count['calls'] += 1
            count['init_calls'] += call['init']
            took = (time - call['begin']) * 1000
            if call['read'] is None and ret in (-1, -9):
                kind = 'refused'
            elif call['read'] is None:
                kind = 'merged'
            elif ret == 0:
                kind = 'loaded'
            elif ret == -17 and not call['load']:
                kind = 'exists'
            elif ret == -16 and not call['load']:
                kind = 'busy'
            else:
                kind = 'failed'
            count[kind] += 1
            if kind in ('merged', 'exists', 'busy'):
                count['duplicate_ns'] += took
                count['read_by_duplicates'] += call['read'] or 0
            else:
                count['read_by_others'] += call['read'] or 0
    count['open'] = len(calls)
    for key, value in count.items():
        print(f'{key}={value}')


main()
