# SPDX-License-Identifier: GPL-2.0-only
"""Looks at pictures with headless Chromium, through its debugging pipe.

chromium.py SVG PREFIX: prints a JSON object of what its document has, and writes PREFIX-light.png,
PREFIX-dark.png and PREFIX-print.png.
"""
import base64
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

# What a reader sees: bars where they were laid out, their colours, text, and nothing that runs.
LOOK = """
JSON.stringify({
  root: document.documentElement.nodeName,
  errors: document.querySelectorAll('parsererror').length,
  scripts: document.querySelectorAll('script').length + window.ran,
  links: document.querySelectorAll('a,image,use,foreignObject').length,
  height: document.documentElement.getBoundingClientRect().height,
  width: document.documentElement.getBoundingClientRect().width,
  page: getComputedStyle(document.querySelector('.page')).fill,
  select: getComputedStyle(document.querySelector('text')).userSelect,
  widest: Math.max(...[...document.querySelectorAll('text')].map(
    t => t.getBoundingClientRect().right)),
  bars: [...document.querySelectorAll('.bars rect')].map(r => {
    const box = r.getBoundingClientRect();
    const lane = r.closest('.lane');
    return {x: box.x, right: box.right, y: box.y, kind: r.getAttribute('class'),
            nr: +(r.dataset.nr || 1), module: lane.dataset.module || null,
            fill: getComputedStyle(r).fill, title: r.querySelector('title').textContent};
  }),
})
"""


class Chromium:
    """A browser that talks through file descriptors 3 and 4."""

    def __init__(self):
        self.profile = tempfile.mkdtemp()
        to_read, self.to = os.pipe()
        self.back, back_write = os.pipe()
        high = [fcntl.fcntl(fd, fcntl.F_DUPFD, 100) for fd in (to_read, back_write)]

        def pipes():
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            ['chromium', '--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars',
             '--disable-dev-shm-usage', '--user-data-dir=' + self.profile,
             '--remote-debugging-pipe', 'about:blank'],
            preexec_fn=pipes, pass_fds=(3, 4), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in high + [to_read, back_write]:
            os.close(fd)
        self.rest = b''
        self.calls = 0
        self.session = None

    def message(self):
        while b'\0' not in self.rest:
            piece = os.read(self.back, 1 << 20)
            if not piece:
                raise SystemExit('chromium ended')
            self.rest += piece
        one, self.rest = self.rest.split(b'\0', 1)
        return json.loads(one)

    def call(self, method, **params):
        self.calls += 1
        request = {'id': self.calls, 'method': method, 'params': params}
        if self.session:
            request['sessionId'] = self.session
        os.write(self.to, json.dumps(request).encode() + b'\0')
        while True:
            answer = self.message()
            if answer.get('id') == self.calls:
                if 'error' in answer:
                    raise SystemExit('%s: %s' % (method, answer['error']))
                return answer['result']

    def open(self, url):
        target = self.call('Target.createTarget', url='about:blank')['targetId']
        self.session = self.call('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        self.call('Page.enable')
        self.call('Page.addScriptToEvaluateOnNewDocument',
                  source='window.ran = 0; window.alert = () => { window.ran++ };')
        self.call('Page.navigate', url=url)
        while self.message().get('method') != 'Page.loadEventFired':
            pass

    def look(self):
        # The first load that is told of may be that of the empty page.
        for _ in range(100):
            result = self.call('Runtime.evaluate', expression=LOOK)['result']
            if 'value' in result:
                return json.loads(result['value'])
            time.sleep(0.2)
        raise SystemExit('no picture: %s' % result)

    def picture(self, path, media, scheme):
        self.call('Emulation.setEmulatedMedia', media=media,
                  features=[{'name': 'prefers-color-scheme', 'value': scheme}])
        seen = self.look()
        clip = {'x': 0, 'y': 0, 'width': seen['width'], 'height': seen['height'], 'scale': 1}
        shot = self.call('Page.captureScreenshot', format='png', captureBeyondViewport=True, clip=clip)
        with open(path, 'wb') as out:
            out.write(base64.b64decode(shot['data']))
        return seen

    def close(self):
        self.session = None
        self.call('Browser.close')
        self.process.wait(30)
        shutil.rmtree(self.profile, ignore_errors=True)


def main():
    svg, prefix = sys.argv[1:]
    browser = Chromium()
    browser.open('file://' + os.path.abspath(svg))
    seen = browser.picture(prefix + '-light.png', 'screen', 'light')
    seen['pages'] = [seen['page']] + [
        browser.picture(prefix + '-%s.png' % name, media, scheme)['page']
        for name, media, scheme in (('dark', 'screen', 'dark'), ('print', 'print', 'light'))]
    browser.close()
    json.dump(seen, sys.stdout)


main()
