#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Prints events for tests/tool/genperf --repeat: a storm of 740 of them, in which a winner loads while 61
# wait for it, module by module.
awk 'BEGIN {
	split("kvm aesni-intel xfs acpi-cpufreq", modules, " ")
	for (m = 1; m <= 4; m++) {
		first = 100 + 100 * m
		name = modules[m]
		gsub("-", "_", name)
		for (t = 0; t < 62; t++)
			printf "+500 %d %d load_begin ino=%d dev=1 len=300000 file=%s.ko\n",
				t % 8, first + t, m, modules[m]
		for (t = 1; t < 62; t++) {
			printf "+400 %d %d load_merged wait_ns=%d ret=-17 leader=%d name=%s\n",
				t % 8, first + t, 90000 + t * 500, first, name
			printf "+400 %d %d load_end ret=-17 duration_ns=99000 file=%s.ko\n",
				t % 8, first + t, modules[m]
		}
		printf "+400 0 %d load_end ret=0 stage=7 read_bytes=300000 layout_bytes=400000 duration_ns=100000 name=%s file=%s.ko\n",
			first, name, modules[m]
		print "round"
	}
}'
