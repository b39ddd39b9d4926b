#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A terminal's content, as tmux capture-pane -e writes it, as an SVG picture.

    ansi-to-svg.py COLUMNS LINES <CAPTURE >PICTURE.svg
"""
import html
import re
import sys
import unicodedata

CELL_W, CELL_H, SIZE = 8.4, 17, 14
BACKGROUND, FOREGROUND = "#16181d", "#d8dade"
BASIC = ["#2e3440", "#e05f65", "#78c06b", "#e0b050", "#5f8fe0", "#c678dd", "#4fb8c6", "#d8dade",
         "#5c6370", "#ff7b81", "#98e08b", "#ffd070", "#82aaff", "#e0a0ff", "#70d8e6", "#ffffff"]


def colour(number):
    if number < 16:
        return BASIC[number]
    if number < 232:
        number -= 16
        parts = [number // 36, number // 6 % 6, number % 6]
        return "#%02x%02x%02x" % tuple(0 if p == 0 else 55 + 40 * p for p in parts)
    return "#%02x%02x%02x" % ((8 + 10 * (number - 232),) * 3)


class Style:
    def __init__(self):
        self.reset()

    def reset(self):
        self.fg = self.bg = None
        self.bold = self.reverse = False

    def apply(self, codes):
        codes = [int(c or 0) for c in codes.split(";")]
        while codes:
            c = codes.pop(0)
            if c == 0:
                self.reset()
            elif c == 1:
                self.bold = True
            elif c == 7:
                self.reverse = True
            elif c == 22:
                self.bold = False
            elif c == 27:
                self.reverse = False
            elif 30 <= c <= 37 or 90 <= c <= 97:
                self.fg = colour(c - 30 if c < 90 else c - 82)
            elif 40 <= c <= 47 or 100 <= c <= 107:
                self.bg = colour(c - 40 if c < 100 else c - 92)
            elif c == 39:
                self.fg = None
            elif c == 49:
                self.bg = None
            elif c in (38, 48) and codes[:1] == [5]:
                value = colour(codes[1])
                del codes[:2]
                if c == 38:
                    self.fg = value
                else:
                    self.bg = value

    def now(self):
        fg, bg = self.fg or FOREGROUND, self.bg or BACKGROUND
        return (bg, fg, self.bold) if self.reverse else (fg, bg, self.bold)


def runs(line, style):
    """Pieces of one style each: (column, text, width, style)."""
    column, pieces = 0, []
    for part in re.split(r"(\x1b\[[0-9;]*m|\x1b\(.|[\x0e\x0f])", line):
        sgr = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if sgr:
            style.apply(sgr.group(1))
        elif part and part[0] not in "\x1b\x0e\x0f":
            width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in part)
            pieces.append((column, part, width, style.now()))
            column += width
    return pieces


def main():
    columns, lines = int(sys.argv[1]), int(sys.argv[2])
    width, height = columns * CELL_W + 16, lines * CELL_H + 16
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" '
           'font-family="monospace" font-size="%d">' % (width, height, SIZE),
           '<rect width="100%%" height="100%%" rx="6" fill="%s"/>' % BACKGROUND]
    style = Style()
    for y, line in enumerate(sys.stdin.read().split("\n")[:lines]):
        for x, text, cells, (fg, bg, bold) in runs(line, style):
            if bg != BACKGROUND:
                out.append('<rect x="%g" y="%g" width="%g" height="%d" fill="%s"/>' %
                           (8 + x * CELL_W, 8 + y * CELL_H, cells * CELL_W, CELL_H, bg))
            if text.strip():
                out.append('<text x="%g" y="%g" fill="%s"%s xml:space="preserve" textLength="%g" '
                           'lengthAdjust="spacingAndGlyphs">%s</text>' %
                           (8 + x * CELL_W, 8 + y * CELL_H + 13, fg,
                            ' font-weight="bold"' if bold else "", cells * CELL_W,
                            html.escape(text)))
    out.append("</svg>")
    print("\n".join(out))


main()
