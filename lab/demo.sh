#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The same storms on the stock and on the patched kernel, in guests of 8 CPUs; the patched
# ones recorded by modtrace and reported. Everything is left in build/demo/.
set -eu
. "$(dirname -- "$0")/common.sh"

demo=$build/demo
modtrace=$build/modtrace/modtrace

# name|what it is|the guest's commands; $run runs one of them for its figures (and records it)
storms()
{
	cat <<'EOF'
finit|64 concurrent finit_module of one xfs.ko|$run storm -k -n 64 $xfs; rmmod xfs
finit-held|the same of a module whose init is held until all others wait|$run storm -k -n 64 -p hold=1 -r $release $hold; rmmod mt_hold
init|32 concurrent init_module of xfs|$run storm -k -n 32 -i $xfs; rmmod xfs
init-held|the same of the module that is held|$run storm -k -n 32 -i -p hold=1 -r $release $hold; rmmod mt_hold
busy|64 concurrent finit_module of one xfs.ko under merge_file=busy|echo busy >$policy; $run storm -k -n 64 $xfs; rmmod xfs; storm -k -n 1 $xfs >/out/after-busy.keys; rmmod xfs; echo wait >$policy
autoload|32 concurrent request_module of xfs|$run storm autoload -k -n 32 xfs; rmmod xfs
EOF
}

# What the guest runs: each storm's figures go to /out/NAME.keys, a recording to NAME.data.
guest_script()
{
	cat <<'EOF'
set -e
xfs=$(modinfo -n xfs)
hold=$(modinfo -n mt_hold)
release=/sys/module/mt_hold/parameters/release
policy=/sys/module/module/parameters/merge_file
# What xfs depends on stays, so that a storm of xfs is a storm of one module.
modprobe xfs
rmmod xfs
modprobe test_kmod
figures()
{
	keys=/out/$1.keys
	shift
	"$@" >"$keys"
}
EOF
	storms | while IFS='|' read -r name what commands; do
		run="figures $name"
		if [ "$1" = stock ]; then
			# It has no such policy.
			[ "$name" != busy ] || continue
		else
			run="$run modtrace record -o /out/$name.data --"
		fi
		printf 'echo "%s"\nrun="%s"\n%s\n' "$what" "$run" "$commands"
	done

}

run_guest()
{
	say "the storms on $2"
	rm -rf "${demo:?}/$1"
	guest_script "$1" >"$demo/$1.sh"
	"$top/lab/vm.sh" KERNEL="$2" CPUS=8 TIMEOUT=300 OUT="$demo/$1" RUN="$(cat "$demo/$1.sh")" ||
		die "the guest failed"
}

# One storm's counts and time, from its keys.
figures()
{
	awk -F= '
	$1 == "elapsed_ns" { time = sprintf("%.3f s", $2 / 1e9) }
	$1 == "late" && $2 { late = " (" $2 " came after the load)" }
	$1 ~ /^(ok|E[A-Z]+|killed|unknown)$/ && $2 { counts = counts sep $2 " " $1; sep = ", " }
	$1 ~ /^ret_/ { counts = counts sep $2 " returned " substr($1, 5); sep = ", " }
	END { printf "%s; %s%s\n", counts, time, late }' "$1"
}

mkdir -p "$demo"
"$top/lab/kernel.sh" v6.1 >/dev/null
"$top/lab/kernel.sh" v6.1-stock >/dev/null
run_guest stock v6.1-stock
run_guest patched v6.1

storms | while IFS='|' read -r name what commands; do
	printf '\n== %s ==\n' "$what"
	[ ! -e "$demo/stock/$name.keys" ] ||
		printf 'stock:   %s\n' "$(figures "$demo/stock/$name.keys")"
	printf 'patched: %s\n' "$(figures "$demo/patched/$name.keys")"
	[ "$name" != busy ] ||
		printf 'one load after it: %s\n' "$(figures "$demo/patched/after-busy.keys")"
	printf '\n'
	"$modtrace" report -i "$demo/patched/$name.data"
	"$modtrace" report --format=json -i "$demo/patched/$name.data" >"$demo/patched/$name.json"
done
