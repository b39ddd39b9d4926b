#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What "promtool check metrics" wants of a metric file, as far as modtrace writes such: names,
HELP and TYPE ahead of the family's lines and once, one family's lines together, labels quoted,
no two lines alike, no suffix that belongs to another type; of OpenMetrics, units and the end. Exits 1 with a line on what is wrong."""
import re
import sys

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|\})')


def main():
    types, helps, units, done, seen, current = {}, {}, {}, set(), set(), None
    text = sys.stdin.buffer.read().decode("utf-8")
    if not text.endswith("\n"):
        raise ValueError("the last line has no end")
    lines = text[:-1].split("\n")
    if lines[-1] == "# EOF":
        lines.pop()
    for line in lines:
        if line.startswith("#"):
            word, name, rest = line[2:].split(" ", 2)
            if not NAME.fullmatch(name) or word not in ("HELP", "TYPE", "UNIT"):
                raise ValueError("not a comment of a family: " + line)
            table = {"HELP": helps, "TYPE": types, "UNIT": units}[word]
            if name in table:
                raise ValueError("twice: " + line)
            table[name] = rest
            if word == "UNIT" and not name.endswith("_" + rest):
                raise ValueError("not its unit: " + line)
            if word == "TYPE" and rest not in ("gauge", "counter", "summary"):
                raise ValueError("no type: " + line)
            continue
        name = NAME.match(line).group()
        family = name
        if name not in types:
            family = re.sub("_(sum|count)$", "", name)
            if types.get(family) != "summary":
                raise ValueError("of no family: " + line)
        if family != current:
            if family in done:
                raise ValueError("its family was left before: " + line)
            done.add(current)
            current = family
        if not helps.get(family):
            raise ValueError("no help: " + line)
        if (types[family] == "counter") != family.endswith("_total"):
            raise ValueError("a counter ends in _total, and only that: " + line)
        at, labels = len(name), {}
        if line[at] == "{":
            at += 1
            while True:
                label = LABEL.match(line, at)
                if not label or label[1] in labels or label[1].startswith("__"):
                    raise ValueError("labels: " + line)
                labels[label[1]] = label[2]
                at = label.end()
                if label[3] == "}":
                    break
        if "quantile" in labels and types[family] != "summary":
            raise ValueError("quantile: " + line)
        if line[at] != " ":
            raise ValueError("no value: " + line)
        float(line[at + 1:])
        key = (name, tuple(sorted(labels.items())))
        if key in seen:
            raise ValueError("twice: " + line)
        seen.add(key)
    if not seen:
        raise ValueError("no metrics")


try:
    main()
except (ValueError, AttributeError, IndexError) as error:
    print(error)
    sys.exit(1)
