#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""answers.py DIRECTORY <ANSWERS: what contrib/fleet/duckdb/ and clickhouse/ should answer, computed line by
line without a data base, against ANSWERS: the lines that tests/fleet/ask.mjs prints. One line of text for
each query that differs, and exit 1; "FILE: equal" for each that doesn't."""
import glob
import json
import math
import statistics
import sys
from collections import defaultdict

BEFORE, AFTER = "6.1.0-40-amd64", "6.1.0-41-amd64"
DUPLICATES = ("merged", "exists", "busy")


def read(pattern):
    """Whole lines, and how many are torn."""
    torn = 0
    for name in sorted(glob.glob(pattern)):
        with open(name, encoding="utf-8") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except json.JSONDecodeError:
                    torn += 1
    yield torn


def attempts_once(directory, said):
    """Each attempt once: of those that came again, the line that has its end."""
    seen, unended = set(), {}
    for a in read(directory + "/attempts-*.jsonl"):
        if isinstance(a, int):
            said["torn lines of attempts"] = a
            break
        key = (a["boot_id"], a["tid"], a["begin_ns"])
        if key in seen or (key in unended and a["end_ns"] is None):
            said["attempts sent again"] += 1
        elif a["end_ns"] is None:
            unended[key] = a
        else:
            said["attempts sent again"] += unended.pop(key, None) is not None
            seen.add(key)
            yield a
    yield from unended.values()


def read_attempts(directory):
    said = {"torn lines of attempts": 0, "attempts sent again": 0}
    modules = {}
    for a in attempts_once(directory, said):
        m = modules.setdefault(a["module"], {"attempts": 0, "loaded": 0, "duplicates": 0, "hosts": set(),
                                             "boots": set(), "wasted": None, "worker": None, "bytes": None})
        m["attempts"] += 1
        m["loaded"] += a["outcome"] == "loaded"
        m["hosts"].update({a["host"]} - {None})
        m["boots"].add(a["boot_id"])
        if a["outcome"] in DUPLICATES:
            m["duplicates"] += 1
            m["bytes"] = (m["bytes"] or 0) + sum(a[k] or 0 for k in ("read_bytes", "image_bytes", "layout_bytes"))
        if a["end_ns"] is not None:
            m["worker"] = (m["worker"] or 0) + a["end_ns"] - a["begin_ns"]
            if a["outcome"] in DUPLICATES + ("failed", "interrupted"):
                m["wasted"] = (m["wasted"] or 0) + a["end_ns"] - a["begin_ns"]
    rows = sorted(modules.items(), key=lambda m: (m[1]["wasted"] is None, -(m[1]["wasted"] or 0), m[0]))
    return said, [{"module": name, "attempts": m["attempts"], "loaded": m["loaded"], "duplicates": m["duplicates"],
                   "hosts": len(m["hosts"]), "boots": len(m["boots"]),
                   "wasted_s": m["wasted"] and m["wasted"] / 1e9, "worker_s": m["worker"] and m["worker"] / 1e9,
                   "wasted_bytes": m["bytes"]} for name, m in rows[:20]]


def read_boots(directory, said):
    boots, lines = {}, 0
    for b in read(directory + "/boots-*.jsonl"):
        if isinstance(b, int):
            said["torn lines of boots"] = b
            break
        lines += 1
        best = boots.get(b["boot_id"])
        if best is None or (best["truncated"] and not b["truncated"]):
            boots[b["boot_id"]] = b
    said["boots sent again"] = lines - len(boots)
    said["boots that did not settle"] = sum(b["settled"] is False for b in boots.values())
    said["boots with a clock before 2020 or after now"] = sum(
        b["recorded"] < "2020" or b["recorded"] >= "2099" for b in boots.values())
    said["boots whose clock was set by more than a minute"] = sum(
        abs(b["clock_step_ns"]) > 60e9 for b in boots.values())
    said["boots without a host"] = sum(b["host"] is None for b in boots.values())
    machines = defaultdict(set)
    for b in boots.values():
        machines[b["host"]].add(b["machine_id"])
        t = b["totals"]
        known = None not in (t["dup_time_ns"], t["fail_time_ns"])
        b["wasted_s"] = (t["dup_time_ns"] + t["fail_time_ns"]) / 1e9 if known else None
        b["model"] = f"{b['machine_model'] or b['cpu_model']}, {b['cpus']} CPUs"
    said["hosts of more than one machine id"] = sum(len(m) > 1 for h, m in machines.items() if h)
    return list(boots.values())


def never_loads(boots):
    found = defaultdict(lambda: [set(), 0, set()])
    for b in boots:
        for name in b["never_load"]:
            found[name][0].update({b["host"]} - {None})
            found[name][1] += 1
            found[name][2].add(b["kernel"])
    return [{"module": n, "hosts": len(f[0]), "boots": f[1], "kernels": sorted(f[2])}
            for n, f in sorted(found.items(), key=lambda f: (-len(f[1][0]), f[0]))]


def comparable(boots):
    return (b for b in boots if b["settled"] is not False and None not in (b["wasted_s"], b["host"]))


def outliers(boots):
    hosts, models, rows = defaultdict(list), defaultdict(list), []
    for b in comparable(boots):
        hosts[b["model"], b["host"]].append(b["wasted_s"])
    for (model, _), values in hosts.items():
        models[model].append(statistics.median(values))
    for (model, host), values in hosts.items():
        of_model, mine = statistics.median(models[model]), statistics.median(values)
        deviation = statistics.median(abs(v - of_model) for v in models[model])
        if len(models[model]) >= 3 and abs(mine - of_model) > max(10 * deviation, of_model / 2):
            rows.append({"model": model, "host": host, "boots": len(values), "wasted_s": mine,
                         "model_s": of_model, "deviation_s": deviation})
    return sorted(rows, key=lambda r: (-abs(r["wasted_s"] - r["model_s"]), r["host"]))


def student(freedom):
    """The 97.5% quantile of Student's t, by integrating its density: not the query's expansion."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)

    def below(t, steps=2000):
        h = t / steps
        f = [scale * (1 + (i * h) ** 2 / freedom) ** (-(freedom + 1) / 2) for i in range(steps + 1)]
        return 0.5 + h / 3 * (f[0] + f[-1] + 4 * sum(f[1:-1:2]) + 2 * sum(f[2:-1:2]))

    low, high = 0.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < 0.975 else (low, middle)
    return low


def update(boots):
    hosts = defaultdict(lambda: ([], []))
    for b in comparable(boots):
        hosts[b["host"]][b["kernel"] == AFTER].append(b["wasted_s"])
    pairs = [(statistics.fmean(a), statistics.fmean(b)) for a, b in hosts.values() if a and b]
    differences = [b - a for a, b in pairs]
    before, mean = statistics.fmean(a for a, _ in pairs), statistics.fmean(differences)
    reach = student(len(pairs) - 1) * statistics.stdev(differences) / math.sqrt(len(pairs))
    return [{"hosts": len(pairs), "before_s": before, "after_s": statistics.fmean(b for _, b in pairs),
             "difference_s": mean, "low_s": mean - reach, "high_s": mean + reach, "percent": 100 * mean / before}]


def same(got, wanted, reach):
    if wanted is None or got is None:
        return got is wanted
    if isinstance(wanted, (list, str)):
        return got == wanted
    return math.isclose(float(got), wanted, rel_tol=reach, abs_tol=1e-9)


def main():
    said, modules = read_attempts(sys.argv[1])
    boots = read_boots(sys.argv[1], said)
    wanted = {"worst-modules.sql": modules, "never-loads.sql": never_loads(boots),
              "outliers.sql": outliers(boots), "update.sql": update(boots)}
    wrong, answered = 0, set()
    for line in sys.stdin:
        answer = json.loads(line)
        name, rows = answer["file"], answer["rows"]
        if name == "checks.sql":
            rows = {r["what"]: int(r["number"]) for r in rows}
            ok = all(rows.get(k) == v for k, v in said.items()) and \
                all(v == 0 for k, v in rows.items() if k not in said)
            expected = said
        elif name in wanted:
            expected = wanted[name]
            # The query's t is an expansion, and an interval's ends are differences.
            reach = 1e-3 if name == "update.sql" else 1e-9
            ok = len(rows) == len(expected) and all(
                set(r) == set(w) and all(same(r[k], w[k], reach) for k in w) for r, w in zip(rows, expected))
        else:
            continue
        answered.add(name)
        print(f"{name}: equal" if ok else f"{name}: got {rows[:3] if isinstance(rows, list) else rows}, wanted "
              f"{expected[:3] if isinstance(expected, list) else expected}")
        wrong += not ok
    return bool(wrong) or answered != set(wanted) | {"checks.sql"}


sys.exit(main())
