#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What duplicate module loads cost an ordinary Debian boot: the same disk, systemd and udev on the
# patched kernel and on v6.1-base, the same source with the events and statistics patches only.
# Prints a markdown table. A boot that was done for the same kernel isn't done again.
#
#	bench/boots.sh [BOOTS [CPUS...]]	(default 3 boots each at 64, 128 and 255 CPUs)
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

boots=${1:-3}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- 64 128 255
out=$build/bench/boots

# Settled is when udev has worked off all events and multi-user.target is reached.
run='udevadm settle --timeout=600
read -r settled _ </proc/uptime
echo 0 >/sys/kernel/tracing/tracing_on
cat /sys/kernel/debug/modules/stats >/out/stats
trace-cmd extract -o /out/boot.dat >/dev/null || exit
echo "$settled" >/out/settled'

# boot KERNEL CPUS NUMBER
boot()
{
	dir=$out/$1-$2-$3
	inputs=$build/kernel/$1/inputs
	if [ -e "$dir/settled" ] && cmp -s "$dir/inputs" "$inputs"; then
		return
	fi
	say "boot $3 of $boots on $1, $2 CPUs"
	rm -rf "$dir"
	"$top/lab/vm.sh" KERNEL="$1" ROOTFS=debian CPUS="$2" MEM=6G OUT="$dir" TIMEOUT=900 \
		APPEND='trace_event=module:* trace_clock=mono trace_buf_size=512K' RUN="$run" >/dev/null
	"$build/modtrace/modtrace" report -i "$dir/boot.dat" --format=json >"$dir/report.json"
	cp "$inputs" "$dir/inputs"
}

# The boot in one line: settled, window of loads in seconds, attempts, loaded, answered by each gate,
# exists, busy, failed, wasted (by the trace, by modules/stats), avoided, lost.
figures()
{
	wasted=$(sed -n 's/^ *Duplicate mem wasted bytes[[:space:]]*//p' "$1/stats")
	jq -r --arg settled "$(cat "$1/settled")" --arg wasted "$wasted" '
		[ $settled, .recording.duration_ns / 1e9, .totals.attempts, .totals.loaded,
		  .totals.merged_by_gate.file, .totals.merged_by_gate.live,
		  .totals.merged_by_gate.name, .totals.exists, .totals.busy, .totals.failed,
		  .totals.wasted_bytes, $wasted, .totals.avoided_bytes, .recording.lost ]
		| map(tostring) | join(" ")' "$1/report.json"
}

# row KERNEL CPUS: a row of the table, of all its boots; mean (least-most).
row()
{
	retries=0
	for number in $(seq "$boots"); do
		figures "$out/$1-$2-$number"
		[ ! -e "$out/$1-$2-$number/console.1.log" ] || retries=$((retries + 1))
	done >"$out/row"
	awk -v kernel="$1" -v cpus="$2" -v retries=$retries '
	{
		for (i = 1; i <= NF; i++) {
			sum[i] += $i
			if (NR == 1 || $i < least[i] + 0) least[i] = $i + 0
			if (NR == 1 || $i > most[i] + 0) most[i] = $i + 0
		}
		if ($11 != $12 && !off) off = "; stats say " $12 " B wasted where the trace has " $11
		lost += $14
	}
	function spread(i, form) {
		if (least[i] == most[i]) return sprintf(form, least[i])
		return sprintf(form " (" form "–" form ")", sum[i] / NR, least[i], most[i])
	}
	END {
		printf "| %d | %s | %s | %s | %s / %s / %s | %s | %s | %s | %s | %s | %s | %s | %d%s%s |\n",
			cpus, kernel, spread(3, "%d"), spread(4, "%d"), spread(5, "%d"),
			spread(6, "%d"), spread(7, "%d"), spread(8, "%d"), spread(9, "%d"),
			spread(10, "%d"), spread(11, "%d"), spread(13, "%d"), spread(2, "%.1f"),
			spread(1, "%.1f"), retries, lost ? "; lost " lost " events" : "", off
	}' "$out/row"
}

mkdir -p "$out"
for kernel in v6.1-base v6.1; do
	"$top/lab/kernel.sh" $kernel >/dev/null
done
for cpus; do
	for number in $(seq "$boots"); do
		boot v6.1-base "$cpus" "$number"
		boot v6.1 "$cpus" "$number"
	done
done
echo "| CPUs | kernel | attempts | loaded | merged by file / live / name | EEXIST | EBUSY | failed |" \
	"wasted by duplicates, B | avoided, B | first load to last, s | settled at, s | boot retries |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for cpus; do
	row v6.1-base "$cpus"
	row v6.1 "$cpus"
done
