#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The kernel's own tests: upstream's tools/testing/selftests/kmod with the same results on the
# stock kernel and on ours, and the series' selftests/module and its KUnit tests.
# tests/slow/30-debug-selftests.t has those on the debug kernel, with KASAN and lockdep looking.
set -u
. "$(dirname -- "$0")/kernel.sh"

built=$("$top/lab/kernel.sh" "$series" 2>/dev/null) || exit 1
selftests=$built/tree/tools/testing/selftests
mkdir "$extra/kmod" "$extra/module" "$extra/root"
cp "$selftests"/kmod/* "$extra/kmod/"
cp "$selftests"/module/*.sh "$extra/module/"
gcc -Wall -O2 -static -o "$extra/module/module_load" "$selftests/module/module_load.c" || exit 1
# What kmod.sh is written for.
for binary in bash capsh; do
	binary=$(command -v $binary) || continue
	for file in "$binary" $(ldd "$binary" | grep -o '/[^ ]*'); do
		install -D "$file" "$extra/root/$file"
	done
done

upstream()
{
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" TIMEOUT=300 <<'EOF2'
cp -a /extra/root/. /
[ -e /bin/bash ] || ln -s /usr/bin/bash /bin/bash
cd /extra/kmod
for number in 0001 0002 0003 0004 0005 0006 0007 0008 0009 0010 0011 0012 0013; do
	times=1
	case $number in
	0008|0009) times=4 ;;
	esac
	bash kmod.sh -c $number $times >/tmp/output 2>&1
	result kmod_$number $?
	sed "s/^/$number /" /tmp/output >>/out/kmod
done
exit 0
EOF2
	guest_ok "upstream's tests went through on $1"
	# 0008 and 0009 ask for more than the 50 helpers that may run at once, and stock gives up
	# after 5 s: on a busy machine it fails them.
	lines=$(grep -E 'OK!|FAIL' "$out/kmod" | grep -v '^000[89]')
}
kernel=${OWN_TESTS_ON:-}
if [ -z "$kernel" ]; then
	kernel=$series
	upstream "$series-stock"
	stock_lines=$lines
	diag "stock, 0008 and 0009: $(grep '^000[89]' "$out/kmod" | grep -c 'OK! - Return') of 8"
	upstream "$series"
	is 'kmod.sh: the results of stock, line by line' "$lines" "$stock_lines"
	is 'kmod.sh: nothing fails' "$(grep '^kmod_' "$out/output.log" | grep -v '=0$'
		grep FAIL "$out/kmod")" ''
	like 'kmod.sh: there are results' "$(grep -c 'OK! - Return' "$out/kmod")" '^2[0-9]$'
fi

guest KERNEL="$kernel" CPUS=4 EXTRA="$extra" TIMEOUT=400 APPEND=kunit.enable=1 <<'EOF2'
dmesg | sed -n 's/^\[[^]]*\] *# \(module_.* pass:\)/\1/p' >/out/kunit
cp -a /extra/root/. /
sh /extra/module/module_merge.sh >/out/merge 2>&1
result merge $?
EOF2
guest_ok 'the tests of the series went through'
for suite in module_flight module_live; do
	like "KUnit: $suite" "$(cat "$out/kunit")" \
		"^$suite: pass:([1-9][0-9]*) fail:0 skip:0 total:\\1\$"
done
is 'selftests/module: status' "$(value merge)" 0
is 'selftests/module: none fails' "$(grep '^not ok' "$out/merge")" ''
is 'selftests/module: none is skipped' "$(grep '# SKIP' "$out/merge")" ''
is 'selftests/module: all that were planned' "$(grep -c '^ok ' "$out/merge")" \
	"$(sed -n 's/^1\.\.//p' "$out/merge")"
like 'selftests/module: that is some' "$(grep -c '^ok ' "$out/merge")" '^[4-9][0-9]$'
diag "selftests/module: $(grep -c '^ok ' "$out/merge"); $(cat "$out/kunit")"
done_testing
