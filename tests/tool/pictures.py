# SPDX-License-Identifier: GPL-2.0-only
"""Compares a picture with the report of the same recording.

pictures.py SVG JSON JSONL [DOM]: prints what is wrong; DOM is what chromium.py saw of the picture.
pictures.py NAME...: likewise of NAME.svg, NAME.json and NAME.jsonl each, below a line with the name.
"""
import json
import re
import sys
import xml.etree.ElementTree as xml

SVG = '{http://www.w3.org/2000/svg}'
KINDS = {'loaded': ['loaded'], 'failed': ['failed', 'interrupted'], 'waited': ['merged'],
         'wasted': ['exists', 'busy'], 'open': ['in_flight', 'unknown']}
KIND_OF = {outcome: kind for kind, outcomes in KINDS.items() for outcome in outcomes}
LANES = 40


def wrong(fmt, *args):
    print(fmt % args)


def classes(root, name):
    return [e for e in root.iter() if name in e.get('class', '').split()]


def check_inert(root):
    allowed = {SVG + tag for tag in ('svg', 'title', 'style', 'defs', 'pattern', 'rect', 'path', 'g',
                                     'text')}
    for element in root.iter():
        if element.tag not in allowed:
            wrong('element %s', element.tag)
        for key, value in element.attrib.items():
            if key.startswith('on') or 'href' in key or key == 'style' or '://' in value:
                wrong('attribute %s=%s', key, value)
    text = root.find(SVG + 'style').text
    if re.search(r'@import|://|expression', text):
        wrong('the style refers to something')
    for what in ('prefers-color-scheme:dark', '@media print'):
        if what not in text:
            wrong('no style for %s', what)


class Axis:
    def __init__(self, root):
        chart = next(e for e in root.iter() if e.get('id') == 'chart')
        self.x = float(chart.get('data-x'))
        self.width = float(chart.get('data-width'))
        self.start = int(chart.get('data-start-ns'))
        self.end = int(chart.get('data-end-ns'))

    def place(self, ns):
        share = (ns - self.start) / (self.end - self.start)
        return self.x + min(max(share, 0), 1) * self.width


def bars_of_svg(root):
    for lane in classes(root, 'lane'):
        for bar in lane.iter(SVG + 'rect'):
            title = bar.find(SVG + 'title')
            if title is None:
                continue
            x = float(bar.get('x'))
            yield {'module': lane.get('data-module'), 'kind': bar.get('class'), 'x': x,
                   'right': x + float(bar.get('width')), 'nr': int(bar.get('data-nr', 1)),
                   'title': title.text}


def check_counts(bars, modules):
    own = modules if len(modules) <= LANES else modules[:LANES - 1]
    names = {m['name'] for m in own}
    for kind, outcomes in KINDS.items():
        for m in own:
            want = sum(m[o] for o in outcomes)
            got = sum(b['nr'] for b in bars if b['module'] == m['name'] and b['kind'] == kind)
            if got != want:
                wrong('%s: %d attempts that are %s, not %d', m['name'], got, kind, want)
        want = sum(m[o] for o in outcomes for m in modules if m['name'] not in names)
        got = sum(b['nr'] for b in bars if b['module'] is None and b['kind'] == kind)
        if got != want:
            wrong('others: %d attempts that are %s, not %d', got, kind, want)


def check_places(bars, attempts, axis, modules):
    own = {m['name'] for m in (modules if len(modules) <= LANES else modules[:LANES - 1])}
    left = {}
    for a in attempts:
        name = a['module'] if a['module'] in own else None
        left.setdefault((name, KIND_OF[a['outcome']]), []).append(a)
    for bar in bars:
        begins, fits = False, None
        candidates = left.get((bar['module'], bar['kind']), [])
        for a in candidates:
            begin = axis.place(a['begin_ns'])
            end = axis.place(a['end_ns'] or axis.end)
            begins |= abs(begin - bar['x']) < 1
            if bar['nr'] == 1 and abs(begin - bar['x']) < 1 and \
                    abs(max(end, begin + 1) - bar['right']) < 1 and \
                    ' %d' % a['tid'] in bar['title'] and a['comm'][:31] in bar['title'] and \
                    a['module'][:31] in bar['title']:
                fits = a
                break
        if not begins:
            wrong('a bar of %s where no attempt begins: %s', bar['module'], bar['x'])
        if bar['nr'] > 1:
            if not bar['title'].startswith('%d attempts' % bar['nr']):
                wrong('a title without its count: %s', bar['title'])
            continue
        if not fits:
            wrong('no attempt of %s is where a bar is: %s to %s: %s', bar['module'], bar['x'],
                  bar['right'], bar['title'])
            continue
        candidates.remove(fits)
        for number, word in ((fits['wait_ns'] and fits['outcome'] == 'merged', 'waited'),
                             (fits['errno'], fits['errno']),
                             (fits['end_ns'], 'allocated')):
            if number and word not in bar['title']:
                wrong('a title without %s: %s', word, bar['title'])


def check_text(root, report):
    lanes = [e.get('data-module') for e in classes(root, 'lane')]
    names = [m['name'] for m in report['modules']]
    if len(names) <= LANES:
        if lanes != names:
            wrong('lanes %s, not %s', lanes, names)
    elif lanes != names[:LANES - 1] + [None]:
        wrong('lanes beyond the limit: %s', lanes[-2:])
    texts = [e.text for e in root.iter(SVG + 'text')]
    if len(names) > LANES and '%d more modules' % (len(names) - LANES + 1) not in texts:
        wrong('the fold is not said')
    shown = [e.text for e in root.iter(SVG + 'text') if e.get('class') in ('error', 'warn', 'info')
             and e.text in ('error', 'warn', 'info')]
    severities = [f['severity'] for f in report['findings']]
    if shown != severities[:16]:
        wrong('findings %s, not %s', shown, severities)
    words = ' '.join(' '.join(texts).split())
    for f in report['findings'][:16]:
        if f['remedy'] and f['remedy'] not in words:
            wrong('no remedy: %s', f['remedy'])
        if len(f['text']) < 1000 and ' '.join(f['text'].split()) not in words:
            wrong('no finding: %s', f['text'])
    for phase in report.get('boot', {}).get('phases', []):
        start = report['recording']['start_ns']
        title = ': %.3f s to %.3f s' % ((phase['from_ns'] - start) / 1e9,
                                        (phase['until_ns'] - start) / 1e9)
        if not any(e.text.endswith(title) for e in root.iter(SVG + 'title')):
            wrong('no phase%s', title)


def check_dom(bars, seen):
    """What a browser laid out is what is in the file."""
    if (seen['root'], seen['errors'], seen['scripts'], seen['links']) != ('svg', 0, 0, 0):
        wrong('the browser has %s', [seen[k] for k in ('root', 'errors', 'scripts', 'links')])
    if seen['widest'] > seen['width']:
        wrong('text reaches to %s of %s', seen['widest'], seen['width'])
    if seen['select'] == 'none':
        wrong('text cannot be selected')
    if len(set(seen['pages'])) < 2 or seen['pages'][0] == seen['pages'][1]:
        wrong('one page colour: %s', seen['pages'])
    if len(bars) != len(seen['bars']):
        wrong('%d bars, not %d', len(seen['bars']), len(bars))
    for bar, box in zip(bars, seen['bars']):
        if any(bar[k] != box[k] for k in ('module', 'kind', 'nr', 'title')) or \
                abs(bar['x'] - box['x']) > 0.1 or abs(bar['right'] - box['right']) > 0.1:
            wrong('a bar is drawn as %s, not %s', box, bar)


def check(svg, report, attempts, dom=None):
    with open(svg, 'rb') as f:
        root = xml.parse(f).getroot()
    with open(report) as f:
        report = json.load(f)
    with open(attempts) as f:
        attempts = [json.loads(line) for line in f]
    check_inert(root)
    bars = list(bars_of_svg(root))
    axis = Axis(root)
    if (axis.start, axis.end) != (report['recording']['start_ns'], report['recording']['start_ns'] +
                                  max(report['recording']['duration_ns'], 1)):
        wrong('the axis is %d to %d', axis.start, axis.end)
    check_counts(bars, report['modules'])
    check_places(bars, attempts, axis, report['modules'])
    check_text(root, report)
    if dom:
        with open(dom) as f:
            check_dom(bars, json.load(f))


def main():
    if sys.argv[1].endswith('.svg'):
        check(*sys.argv[1:])
        return
    for name in sys.argv[1:]:
        print('%s:' % name)
        check(name + '.svg', name + '.json', name + '.jsonl')


main()
