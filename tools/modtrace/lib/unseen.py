#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes unseen.c of Python's tables of Unicode: python3 unseen.py >unseen.c"""
import unicodedata as u

# Fillers and blanks that count as letters and symbols, and ranges whose members are all ignored.
OTHERS = [(0x034f, 0x034f), (0x115f, 0x115f), (0x2800, 0x2800), (0x3164, 0x3164), (0xffa0, 0xffa0),
          (0xfff0, 0xfff8), (0xe0000, 0xe0fff)]
# Jamo that make one syllable with what precedes them.
JAMO = [(0x1160, 0x11ff), (0xd7b0, 0xd7ff)]


def is_unseen(c):
    char = chr(c)
    category = u.category(char)
    if category in ('Mn', 'Me', 'Cf', 'Zs', 'Zl', 'Zp', 'Co') or u.combining(char):
        return True
    # By definition these look like what they are normalized to.
    if u.normalize('NFC', char) != char:
        return True
    return any(first <= c <= last for first, last in OTHERS + JAMO)


ranges = []
for c in range(0xa0, 0x110000):
    # What is unassigned goes with its neighbours.
    if u.category(chr(c)) == 'Cs' or not is_unseen(c):
        continue
    if ranges and all(u.category(chr(x)) == 'Cn' for x in range(ranges[-1][1] + 1, c)):
        ranges[-1][1] = c
    else:
        ranges.append([c, c])
print('// SPDX-License-Identifier: GPL-2.0-only\n/* Made by unseen.py, of Unicode %s. */' % u.unidata_version)
print('#include "lib/unseen.h"\n\nconst struct unseen_range unseen_ranges[] = {')
line = '\t'
for first, last in ranges:
    text = '{ 0x%04x, 0x%04x },' % (first, last)
    if len(line) + 7 + len(text) > 100:
        print(line)
        line = '\t'
    line += text if line == '\t' else ' ' + text
print(line + '\n};\n\nconst size_t unseen_nr = ARRAY_SIZE(unseen_ranges);')
