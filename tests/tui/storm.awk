# SPDX-License-Identifier: GPL-2.0-only
# Events for genperf: MODULES modules, each asked for by EACH tasks at once, ROUNDS times over.
#	awk -f storm.awk -v modules=5 -v each=64 -v rounds=1
# Every fourth module's file is read by all (no gates), every fifth fails in its init.

function at(ns) { clock += ns; return clock }

function task(tid, parent, comm)
{
	printf "%d %d %d fork %d\n", clock, tid % 8, tid, parent
	printf "%d %d %d comm %s\n", clock, tid % 8, tid, comm
}

function storm(m, n, first, i, tid, ret, name, gated, fails)
{
	name = m < 26 ? sprintf("mod_%c", 97 + m) : sprintf("mod_%d", m)
	gated = m % 4 != 3
	fails = m % 5 == 4
	for (i = 0; i < n; i++) {
		tid = first + i
		printf "%d %d %d load_begin ino=%d dev=0xfe00000 len=%d file=%s.ko\n", \
			at(1000), tid % 8, tid, 100 + m, 400000, name
	}
	at(5000000)
	ret = fails ? -19 : 0
	for (i = 1; i < n; i++) {
		tid = first + i
		if (gated) {
			printf "%d %d %d load_merged wait_ns=%d ret=%d leader=%d gate=0 name=%s\n", \
				at(1000), tid % 8, tid, 5000000 + i * 1000, fails ? -16 : -17, first, name
			printf "%d %d %d load_end ret=%d stage=0 duration_ns=%d file=%s.ko\n", \
				at(500), tid % 8, tid, fails ? -16 : -17, 5001000 + i * 1000, name
		} else {
			printf "%d %d %d load_end ret=%d stage=4 read_bytes=400000 layout_bytes=%d duration_ns=%d name=%s file=%s.ko\n", \
				at(2000), tid % 8, tid, i % 3 ? -17 : -16, i % 2 ? 300000 : 0, 5001000, name, name
		}
	}
	printf "%d %d %d load_end ret=%d stage=%d read_bytes=400000 layout_bytes=300000 duration_ns=%d name=%s file=%s.ko\n", \
		at(100000), first % 8, first, ret, fails ? 6 : 7, 6000000, name, name
	printf "round\n"
}

BEGIN {
	if (!modules) modules = 5
	if (!each) each = 64
	if (!rounds) rounds = 1
	print "0 0 1 fork 0"
	print "0 0 1 comm systemd"
	print "0 0 50 fork 1"
	print "0 0 50 comm systemd-udevd"
	clock = 1000000000
	for (i = 0; i < each; i++)
		task(1000 + i, i % 8 ? 50 : 1, i % 8 ? "(udev-worker)" : "modprobe")
	for (r = 0; r < rounds; r++)
		for (m = 0; m < modules; m++)
			storm(m, each, 1000)
	print "note at_start merge_file wait"
	print "note at_start merge_live 1"
	print "note at_start merge_name 1"
	print "note at_start merge_autoload 1"
	printf "note start_ns %d\n", 1000000000
	printf "note end_ns %d\n", clock + 1000000
}
