# SPDX-License-Identifier: GPL-2.0-only
"""Compares a picture of diff with its JSON: pair_svg.py SVG JSON prints what is wrong."""
import json
import sys
import xml.etree.ElementTree as xml

SVG = '{http://www.w3.org/2000/svg}'


def main():
    root = xml.parse(sys.argv[1]).getroot()
    with open(sys.argv[2]) as f:
        diff = json.load(f)
    chart = next(e for e in root.iter() if e.get('id') == 'chart')
    left, width, end = (float(chart.get('data-' + k)) for k in ('x', 'width', 'end-ns'))

    def sets_of(row, key):
        return next((m['sets'] for m in row['measures'] if m['key'] == key), [{'n': 0}] * 2)

    lengths = sets_of(diff['totals'], 'duration_ns')
    if end != max(max(s['max'] for s in lengths), 1):
        print('the axis ends at', end)
    lanes = [e for e in root.iter(SVG + 'g') if e.get('class') == 'lane']
    if [e.get('data-module') for e in lanes] != [m['name'] for m in diff['modules'][:40]]:
        print('lanes', [e.get('data-module') for e in lanes])

    def check(what, piece, name, from_ns, until_ns):
        if piece is None:
            print('%s: no %s' % (name, what))
            return
        x = left + from_ns / end * width
        right = max(left + until_ns / end * width, x + 1)
        got = float(piece.get('x'))
        if abs(got - x) > 0.1 or \
                (until_ns > from_ns and abs(got + float(piece.get('width')) - right) > 0.1):
            print('%s: %s at %s, not %s' % (name, what, got, x))

    for lane, module in zip(lanes, diff['modules']):
        texts = [e.text for e in lane.iter(SVG + 'text')]
        halves = {e.get('data-set'): e for e in lane.iter(SVG + 'g') if e.get('class') == 'half'}
        there = [s['n'] and s['mean'] > 0 for s in sets_of(module, 'attempts')]
        for nr, letter in enumerate('AB'):
            begin, last, live = (sets_of(module, key)[nr]
                                 for key in ('first_at_ns', 'last_at_ns', 'live_at_ns'))
            name = '%s in %s' % (module['name'], letter)
            if bool(there[nr]) != (letter in halves):
                print('%s: drawn, or not' % name)
            if letter not in halves:
                continue
            pieces = {e.get('data-what'): e for e in halves[letter].iter(SVG + 'rect')}
            until = last if last['n'] else lengths[nr]
            check('span', pieces.pop('span', None), name, begin['mean'], until['mean'])
            if live['n']:
                check('live', pieces.pop('live', None), name, live['mean'], live['mean'])
            if begin['n'] > 1 and begin['min'] < until['max']:
                check('band', pieces.pop('span-band', None), name, begin['min'], until['max'])
            if live['n'] > 1 and live['min'] < live['max']:
                check('band', pieces.pop('live-band', None), name, live['min'], live['max'])
            for what in pieces:
                print('%s: %s for nothing' % (name, what))
        word = {(True, False): 'vanished', (False, True): 'new'}.get(tuple(map(bool, there)))
        if (word is not None) != bool({'vanished', 'new'} & set(texts)) or (word and word not in texts):
            print('%s: %s, not %s' % (module['name'], texts, word))
    marks = [e for e in root.iter(SVG + 'rect') if e.get('data-what') == 'marker']
    reached = [(s, m) for nr in (0, 1) for m in diff['markers']
               for s in [sets_of(m, 'duration_ns')[nr]] if s['n']]
    if len(marks) != len(reached):
        print('%d markers, not %d' % (len(marks), len(reached)))
    for mark, (spread, marker) in zip(marks, reached):
        check('marker', mark, marker['name'], spread['mean'], spread['mean'])
    check_labels(root)


def check_labels(root):
    """Each mark has a label, and none is over another one, nor over a line that leads to one."""
    boxes, lines = [], []
    for group in (e for e in root.iter(SVG + 'g') if e.get('class') == 'reached'):
        labels = list(group.iter(SVG + 'text'))
        if len(labels) != 1:
            print('%d labels at a mark' % len(labels))
            continue
        x, y = float(labels[0].get('x')), float(labels[0].get('y'))
        boxes.append((x, y - 9, x + len(labels[0].text) * 6, y + 2, labels[0].text))
        path = next(group.iter(SVG + 'path')).get('d')
        at, top, bottom = (float(n) for n in path[1:].replace('V', ' ').split())
        lines.append((at, top, at, bottom, 'the line of ' + labels[0].text))
    for nr, a in enumerate(boxes):
        for b in boxes[nr + 1:] + lines:
            if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
                print('%s is over %s' % (a[4], b[4]))


main()
