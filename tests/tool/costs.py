#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""costs.py MODTRACE FILE...: CPU time and memory of each output of each file, those that took most first. Exits with 1
if one took more than 1 s of the user's and the system's time together, or more than 100 MB (ru_maxrss)."""
import os
import resource
import sys

SECONDS, MEGABYTES = 1.0, 100
OUTPUTS = """report
report --format=json
report --format=csv
report --format=jsonl
report --format=jsonl --summary
report --format=prometheus
report --format=openmetrics
report --format=svg
report --format=perfetto
report --format=chrome
report --attempts
report --attempts --format=json
report --attempts --format=csv
report --attempts --format=json --sort=-duration_ns,comm
report --requests
report --requests --format=json
report --requests --format=csv
report --requests --format=jsonl --sort=name,-time_ns
report --events
report --events --format=json
report --events --format=csv
report --events --format=jsonl --sort=comm,-time_ns
report --tui --batch=1
report --tui --batch=20
diff
diff --format=json
diff --format=svg""".splitlines()


def measure(argv):
	pid = os.fork()
	if not pid:
		null = os.open("/dev/null", os.O_RDWR)
		for fd in range(3):
			os.dup2(null, fd)
		resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
		os.execv(argv[0], argv)
	_, status, usage = os.wait4(pid, 0)
	return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def main():
	quick, wrong = os.environ.get("LIMIT"), 0
	for path in sys.argv[2:]:
		rows = []
		for output in OUTPUTS:
			words = output.split()
			status, seconds, megabytes = measure([sys.argv[1]] + words + [path] * (2 if words[0] == "diff" else 1))
			rows.append((seconds, megabytes, status, output))
		rows.sort(reverse=True)
		bad = [row for row in rows if row[0] > SECONDS or row[1] > MEGABYTES or row[2] not in (0, 1)]
		most = max(row[1] for row in rows)
		print(f"{os.path.basename(path)}: {os.path.getsize(path)} bytes, at most {rows[0][0]:.2f} s ({rows[0][3]}), {most:.0f} MB")
		for seconds, megabytes, status, output in bad if bad else rows[:int(quick or 0)]:
			print(f"  {seconds:.2f} s, {megabytes:.0f} MB, status {status}: {output}")
		wrong += len(bad)
		sys.stdout.flush()
	sys.exit(wrong > 0)


if __name__ == "__main__":
	main()
