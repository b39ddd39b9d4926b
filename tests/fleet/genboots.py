#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""genboots.py BOOTS DIRECTORY [ATTEMPTS]: a GENERATOR. Writes lines as "modtrace report --format=jsonl"
and "--summary" write them, of as many distinct boots as BOOTS says, each of about ATTEMPTS (600)
attempts, none of which ever happened: generator, host and recording say so. The same arguments make
the same files.

Below DIRECTORY: attempts-N.jsonl and boots-N.jsonl, a hundred boots each. Of every hundred boots some
are as a fleet's are: three were sent twice, of which two also without their end, one before and one after
the whole; one did not settle; one has a clock of 1970, one of 2100; one has no times; the last line of a file
is torn; a host was installed anew; three of a thousand don't say of which host they are. Every boot has its own
id, times and counts, on two kernel releases, one of which is slower for the same hosts."""
import json
import random
import sys

KERNELS = ("6.1.0-40-amd64", "6.1.0-41-amd64")
MODELS = (("Lab One", "CPU A", 16), ("Lab Two", "CPU B", 64), (None, "CPU C", 8))
# name, weight, bytes, microseconds of a call; the last never loads
MODULES = (("kvm", 9, 1200000, 9000), ("kvm_amd", 8, 300000, 7000), ("xfs", 7, 2400000, 12000),
           ("aesni_intel", 12, 520000, 15000), ("ghash_clmulni_intel", 9, 16000, 6000),
           ("crc32_pclmul", 8, 12000, 5000), ("sha512_ssse3", 7, 40000, 5500), ("libaes", 6, 14000, 4000),
           ("edac_mce_amd", 9, 44000, 3000), ("intel_rapl_common", 6, 30000, 3500), ("nvme", 2, 60000, 2500),
           ("nvme_core", 2, 190000, 2600), ("ext4", 2, 980000, 8000), ("jbd2", 2, 160000, 2000),
           ("mbcache", 1, 18000, 900), ("loop", 1, 36000, 800), ("bochs", 1, 24000, 1000),
           ("sr_mod", 1, 28000, 700), ("acpi_cpufreq", 14, 32000, 1500))
NAMES = [m[0] for m in MODULES]
NEVER = "acpi_cpufreq"
ATTEMPT = ('{"schema": 1, "row": "attempt", "host": %s, "machine_id": "%s", "boot_id": "%s", "kernel": "%s", '
           '"arch": "x86_64", "recorded": %s, "recording": "generated", "begin_ns": %d, "end_ns": %s, '
           '"duration_ns": %s, "module": "%s", "outcome": "%s", "comm": "(udev-worker)", "tid": %d, "parent": "systemd-udevd", '
           '"service": "systemd-udevd", "unit": null, "device": null, "subsystem": null, "request": null, "call_site": null, "syscall": "finit", '
           '"cause": null, "gate": null, "leader": null, "wait_ns": null, "ret": %s, "errno": %s, '
           '"stage": %s, "read_bytes": %s, "image_bytes": %s, "layout_bytes": %s, "bytes_exact": %s}\n')
KEYS = ("attempts", "loaded", "duplicates", "failed", "open", "wasted_bytes", "failed_bytes", "worker_ns",
        "dup_time_ns", "fail_time_ns", "load_time_ns")
OUTCOMES = ("loaded", "merged", "exists", "busy", "interrupted", "failed", "in_flight", "unknown")


def attempts_of(rng, number, slow):
    """A boot's attempts: (begin, end or None, module, outcome, thread, bytes read)"""
    names = rng.choices(NAMES, [m[1] for m in MODULES], k=number)
    begin, seen, rows = 2_000_000_000 + rng.randrange(10**9), set(), []
    for i, name in enumerate(names):
        module = MODULES[NAMES.index(name)]
        begin += rng.randrange(1, 4_000_000)
        duration = int(rng.lognormvariate(0, 0.5) * module[3] * 1000 * slow)
        if name == NEVER:
            outcome = "failed" if name not in seen or rng.random() < 0.1 else "busy"
        elif name not in seen:
            outcome = "loaded"
        else:
            outcome = "exists" if rng.random() < 0.6 else "busy"
        seen.add(name)
        if i == number - 1 and rng.random() < 0.05:
            rows.append((begin, None, name, "in_flight", 300 + i % 97, 0))
        else:
            rows.append((begin, begin + duration, name, outcome, 300 + i % 97, module[2]))
    return rows


def attempt_lines(who, rows):
    lines = []
    for begin, end, name, outcome, tid, size in rows:
        failed = {"loaded": (0, "null", '"done"'), "exists": (-17, '"EEXIST"', '"name"'),
                  "busy": (-16, '"EBUSY"', '"name"'), "failed": (-19, '"ENODEV"', '"init"')}
        ret, errno, stage = failed.get(outcome, ("null", "null", "null"))
        n = "null" if end is None else size
        bounds = ("null", "null") if end is None else (end, end - begin)
        lines.append(ATTEMPT % (*who, begin, *bounds, name, outcome, tid, ret, errno,
                                stage, n, "null" if end is None else 0, n, "false" if end is None else "true"))
    return lines


def count(rows):
    c = dict.fromkeys(KEYS, 0)
    for begin, end, _, outcome, _, size in rows:
        kind = {"loaded": "loaded", "exists": "duplicates", "busy": "duplicates", "failed": "failed"}.get(outcome, "open")
        c["attempts"] += 1
        c[kind] += 1
        if end is None:
            continue
        c["worker_ns"] += end - begin
        c[{"loaded": "load_time_ns", "duplicates": "dup_time_ns", "failed": "fail_time_ns"}[kind]] += end - begin
        if kind == "duplicates":
            c["wasted_bytes"] += 2 * size
        if kind == "failed":
            c["failed_bytes"] += 2 * size
    return c


def distribution(values):
    if not values:
        return None
    values = sorted(values)
    return {"sum": sum(values), "p50": values[(len(values) - 1) // 2], "p99": values[(len(values) * 99 - 1) // 100],
            "max": values[-1]}


def totals(rows):
    c = count(rows)
    t = {"attempts": len(rows)}
    t.update({name: sum(r[3] == name for r in rows) for name in OUTCOMES})
    t["rejected"], t["autoload_dups"], t["requests"] = 0, None, 26
    t["merged_by_gate"] = {"file": 0, "live": 0, "name": 0, "unknown": 0}
    t["errno"] = {e: n for e, n in (("EEXIST", t["exists"]), ("EBUSY", t["busy"]), ("ENODEV", t["failed"])) if n}
    t["wait_ns"] = None
    half = c["wasted_bytes"] // 2
    t.update(wasted_bytes=c["wasted_bytes"], failed_bytes=c["failed_bytes"], avoided_bytes=0,
             wasted={"read": half, "image": 0, "layout": half}, bytes_exact=True)
    t.update({k: c[k] for k in ("dup_time_ns", "fail_time_ns", "load_time_ns")})
    known = [r[1] - r[0] for r in rows if r[1]]
    t["longest_ns"] = max(known) if known else None
    for key, outcomes in (("call_ns", ("exists", "busy")), ("fail_call_ns", ("failed",)),
                          ("load_call_ns", ("loaded",))):
        t[key] = distribution([r[1] - r[0] for r in rows if r[3] in outcomes and r[1]])
    t["duplicates_share"] = 0.5
    return t


def boot_line(who, model, boot, rows):
    host, machine, boot_id, kernel, recorded = who
    by_name = {}
    for row in rows:
        by_name.setdefault(row[2], []).append(row)
    worst = sorted(by_name, key=lambda n: (-count(by_name[n])["worker_ns"], n))
    never = sorted(n for n in by_name if n == NEVER)
    last = max(r[1] or r[0] for r in rows)
    of_all = totals(rows)
    if boot["timeless"]:
        of_all.update(dup_time_ns=None, fail_time_ns=None, load_time_ns=None)
    return json.dumps({
        "schema": 1, "row": "boot", "host": json.loads(host), "machine_id": machine, "boot_id": boot_id, "kernel": kernel,
        "arch": "x86_64", "recorded": json.loads(recorded), "recording": "generated", "source": "perf.data",
        "generator": "genboots.py, a test's", "mode": "stock", "machine_model": model[0], "cpu_model": model[1],
        "cpus": model[2], "start_ns": 1, "duration_ns": last, "clock_step_ns": boot["step"], "boot": True,
        "settled": boot["settled"], "ended_by": "settle" if boot["settled"] else "limit",
        "truncated": boot["truncated"], "filtered": False, "lost": 0, "unknown_events": 0,
        "totals": of_all,
        "phases": [{"until": "switch_root", "from_ns": 1, "until_ns": rows[0][0], "attempts": 0, "loaded": 0,
                    "duplicates": 0, "wasted_bytes": 0, "duplicates_ns": 0, "running": 0, "modules": [],
                    "more_modules": 0}],
        "modules": [{"name": n, "never_loads": n == NEVER, **count(by_name[n])} for n in worst[:10]],
        "other_modules": {"modules": len(worst[10:]), **count([r for n in worst[10:] for r in by_name[n]])},
        "never_load": never,
        "findings": [{"id": "never_loads", "severity": "warn", "module": n, "modules": [], "text": n} for n in never],
    }) + "\n"


def main():
    boots, directory = int(sys.argv[1]), sys.argv[2]
    number = int(sys.argv[3]) if len(sys.argv) > 3 else 600
    hosts = max(boots // 4, 1)
    for first in range(0, boots, 100):
        with open(f"{directory}/attempts-{first // 100:05}.jsonl", "w", encoding="ascii") as attempts, \
                open(f"{directory}/boots-{first // 100:05}.jsonl", "w", encoding="ascii") as lines:
            for i in range(first, min(first + 100, boots)):
                rng = random.Random(i)
                host = i % hosts
                # The second half of a host's boots are of the second kernel, which is slower.
                after = i // hosts >= 2
                slow = (1.0 + host % 7 / 10) * (1.15 if after else 1.0) * (4 if host % 50 == 17 else 1)
                anew = host % 100 == 23 and i // hosts >= 3
                day = f"2026-{1 + i // hosts % 12:02}-{1 + host % 28:02}"
                year = {31: "1970-01-01", 32: "2100-01-01"}.get(i % 100, day)
                machine = f"{host:08x}{int(anew):024x}"
                name = "null" if i % 1000 in (17, 67, 90) else f'"generated-{host:06}"'
                who = (name, machine, f"{i:08x}-0000-4000-8000-{rng.getrandbits(48):012x}",
                       KERNELS[after], f'"{year}T00:00:{i % 60:02}.000000Z"')
                boot = {"settled": i % 100 != 42, "truncated": False, "timeless": i % 100 == 81,
                        "step": 3_600_000_000_000 if i % 100 in (31, 32) else 12}
                rows = attempts_of(rng, max(number + rng.randrange(-50, 51), 10), slow)
                model = MODELS[host % 3]
                copies = [(rows, boot)]
                if i % 100 in (51, 52):
                    # Sent before it had ended, when its last attempt hadn't, either; that comes first, or late.
                    half = rows[:len(rows) // 2]
                    half[-1] = (half[-1][0], None, half[-1][2], "in_flight", half[-1][4], 0)
                    copies.insert(i % 100 - 51, (half, {**boot, "settled": False, "truncated": True}))
                elif i % 100 == 61:
                    copies *= 2
                for sent, of_boot in copies:
                    attempts.writelines(attempt_lines(who, sent))
                    lines.write(boot_line(who, model, of_boot, sent))
            torn = ATTEMPT % (*who, 1, 2, 1, "torn", "loaded", 1, 0, "null", '"done"', 1, 1, 1, "true")
            attempts.write(torn[:len(torn) // 2])
            lines.write('{"schema": 1, "row": "boot", "host": "generated-to')


main()
