#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Storms that no udev rule can prevent, on the stock and on the patched kernel: one guest of each, all
# scenarios in each, in every round. Prints a markdown table, median (least–most).
#
#	[SERIES="v6.1 v7.3"] bench/scenarios.sh [-n ROUNDS] [-c CPUS] [SCENARIO...]
#					(default 3 rounds, 64 CPUs, all scenarios, which the end of this file has)
#
# The devices are platform devices that a module of the lab registers (lab/modules/mt_devices.c), and an alias
# makes xfs, or acpi_cpufreq, which fails in a guest, their driver: 3 MB, and one that never loads.
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

rounds=3 cpus=64
while getopts n:c: option; do
	case $option in
	n) rounds=$OPTARG ;;
	c) cpus=$OPTARG ;;
	*) die "usage: bench/scenarios.sh [-n ROUNDS] [-c CPUS] [SCENARIO...]" ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- devices requests serial init failing cpufreq
wanted=" $* "
out=$build/bench/scenarios

# shellcheck disable=SC2016 # it is the guest that expands this
run='printf "alias platform:%s\n" "mt_device xfs" "mt_failing acpi_cpufreq" >/etc/modprobe.d/scenarios.conf
systemctl restart systemd-udevd
file=$(modinfo -n xfs)
driver=$(modinfo -n acpi_cpufreq)
modprobe xfs
modprobe test_kmod
flags=0 live=$file
# As the distribution ships it, where the kernel decompresses it itself.
[ ! -s /extra/xfs.ko.xz ] || {
	cp /extra/xfs.ko.xz /tmp/
	live=/tmp/xfs.ko.xz flags=4
}

# scenario NAME COMMAND: the time until udev has handled an event of the disk that came right behind, and
# until it has handled everything.
scenario()
{
	case "WANTED" in
	*" $1 "*) ;;
	*) return 0 ;;
	esac
	udevadm settle --timeout=600
	modtrace record -o "/out/$1-$round.data" -- sh -c "
		begin=\$(date +%s%N)
		{ $2; } >/dev/null 2>&1 &
		sleep 0.1
		udevadm trigger --action=change --settle /sys/class/block/vda
		disk=\$(date +%s%N)
		wait
		udevadm settle --timeout=600
		echo \$((disk - begin)) \$((\$(date +%s%N) - begin)) >/out/$1-$round.times" || exit
}

for round in $(seq ROUNDS); do
	rmmod xfs
	scenario devices "modprobe mt_devices count=64 name=mt_device"
	rmmod mt_devices
	rmmod xfs
	scenario requests "storm autoload -n 64 xfs"
	# The gate of live modules answers for the file that was loaded.
	rmmod xfs
	storm -n 1 -f $flags $live >/dev/null
	scenario serial "for i in \$(seq 32); do storm -n 1 -f $flags $live; done"
	rmmod xfs
	scenario init "storm -i -n 32 $file"
	scenario failing "modprobe mt_devices count=64 name=mt_failing"
	rmmod mt_devices
	scenario cpufreq "storm -n 576 $driver"
done
true'

kernels=''
for series in ${SERIES:-v6.1 v7.3}; do
	kernels="$kernels $series-stock $series"
done
for kernel in $kernels; do
	rootfs=debian13
	case $kernel in
	v6.1*) rootfs=debian12 ;;
	esac
	say "$kernel with $cpus CPUs"
	rm -rf "${out:?}/$kernel" "$out/extra"
	mkdir -p "$out/extra"
	built=$build/kernel/$kernel
	"$top/lab/kernel.sh" "$kernel" >/dev/null
	if grep -q MODULE_DECOMPRESS=y "$built/tree/.config"; then
		find "$built/modules/" -name xfs.ko -exec xz --check=crc32 -c '{}' ';' >"$out/extra/xfs.ko.xz"
	fi
	BOOT_LIMIT=$((300 + 20 * cpus)) "$top/lab/vm.sh" KERNEL="$kernel" ROOTFS=$rootfs CPUS="$cpus" MEM=6G \
		TIMEOUT=$((900 * rounds)) OUT="$out/$kernel" EXTRA="$out/extra" \
		RUN="$(printf '%s\n' "$run" | sed "s/ROUNDS/$rounds/; s/WANTED/$wanted/")" >/dev/null
done

# figures KERNEL SCENARIO: a line a round.
figures()
{
	for round in $(seq "$rounds"); do
		data=$out/$1/$2-$round.data
		case $2 in
		serial|init)
			[ "$("$build/modtrace/modtrace" report --format=json "$data" | jq .totals.failed)" = 0 ] ||
				die "$1, $2: loads failed that should have been told that the module exists: $data" ;;
		esac
		"$build/modtrace/modtrace" report --format=jsonl "$data" |
			jq -rs '[.[] | select(.row == "attempt")] |
				(([.[].end_ns] | max) - ([.[].begin_ns] | min)) / 1e9' >"$out/span"
		"$build/modtrace/modtrace" report --format=json "$data" |
			jq -r --arg span "$(cat "$out/span")" --arg times "$(cat "$out/$1/$2-$round.times")" '
			[ .totals.attempts, .totals.wasted_bytes / 1048576,
			  (.totals.dup_time_ns + .totals.fail_time_ns + .totals.load_time_ns) / 1e9, $span ]
			+ ($times | split(" ") | map(tonumber / 1e9)) + [.recording.lost]
			| map(tostring) | join(" ")'
	done
}

# column N FORM: of the lines on stdin.
column()
{
	cut -d' ' -f"$1" | sort -g | awk -v form="$2" '
	{ v[NR] = $1 }
	END {
		median = sprintf(form, v[int((NR + 1) / 2)])
		low = sprintf(form, v[1])
		high = sprintf(form, v[NR])
		printf " %s |", low == high ? median : median " (" low "–" high ")"
	}'
}

echo "| scenario | kernel | attempts | wasted, MiB | worker-seconds in load calls | first to last attempt, s |" \
	"disk handled after, s | settled after, s | lost events |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for scenario; do
	case $scenario in
	devices) name='64 devices of one driver' ;;
	requests) name='64 `request_module()` of one name' ;;
	serial) name='32 loads, one by one, of a live module' ;;
	init) name='32 `init_module()` of one file' ;;
	failing) name='64 devices whose driver fails' ;;
	cpufreq) name='576 loads of acpi_cpufreq, which fails' ;;
	esac
	for kernel in $kernels; do
		figures "$kernel" $scenario >"$out/figures"
		printf '| %s | %s |' "$name" "$kernel"
		number=0
		for form in %.0f %.1f %.2f %.2f %.2f %.2f %.0f; do
			number=$((number + 1))
			column $number $form <"$out/figures"
		done
		echo
	done
done
