#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every remedy for a storm of duplicate loads beside no remedy: boots of ordinary Debian guests, the
# arms in turns. Prints a markdown table, mean (least–most) of each arm's boots, and whether the same
# modules were loaded at the end of each. A boot that was done isn't done again, so it can be stopped
# and continued.
#
#	bench/remedies.sh [-n BOOTS] [-c CPUS] [ARM...]	(default 5 boots, 64 CPUs, all arms)
#	bench/remedies.sh -l				(the arms)
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

# ARM KERNEL ROOTFS RULES PARAMETERS
arms()
{
	cat <<'EOT'
stock            v6.1-stock  debian12 no
stock+rules      v6.1-stock  debian12 yes
series           v6.1        debian12 no
series+rules     v6.1        debian12 yes
stock+children8  v6.1-stock  debian12 no  udev.children_max=8
name-gate        v6.1        debian12 no  module.merge_file=off module.merge_live=0 module.merge_autoload=0
busy             v6.1        debian12 no  module.merge_file=busy module.merge_live=0 module.merge_name=0 module.merge_autoload=0
6.12             debian-6.12 debian13 no
6.12+rules       debian-6.12 debian13 yes
7.3              debian-7.3  debian13 no
7.3+rules        debian-7.3  debian13 yes
lab-7.3          v7.3-stock  debian13 no
lab-7.3+rules    v7.3-stock  debian13 yes
series-7.3       v7.3        debian13 no
series-7.3+rules v7.3        debian13 yes
EOT
}

boots=5 cpus=64
while getopts n:c:l option; do
	case $option in
	n) boots=$OPTARG ;;
	c) cpus=$OPTARG ;;
	l)
		arms
		exit 0 ;;
	*) die "usage: bench/remedies.sh [-n BOOTS] [-c CPUS] [-l] [ARM...]" ;;
	esac
done
shift $((OPTIND - 1))
for arm; do
	arms | grep -q "^$arm " || die "no arm is called '$arm': bench/remedies.sh -l"
done
# shellcheck disable=SC2046 # words
[ $# -gt 0 ] || set -- $(arms | cut -d' ' -f1)

rules=$top/contrib/udev/80-cpu-modalias.rules
out=$build/bench/remedies
mem=6G

# arm NAME: its settings in $kernel, $rootfs, $with_rules and $parameters
arm()
{
	# shellcheck disable=SC2046
	set -- $(arms | grep "^$1 ")
	kernel=$2 rootfs=$3 with_rules=$4
	shift 4
	parameters=$*
}

# The parameters that record a boot depend on the kernel, and it knows them.
words()
{
	words=$out/words-$kernel-$cpus
	[ -s "$words/words" ] || "$top/lab/vm.sh" KERNEL="$kernel" ROOTFS="$rootfs" CPUS=2 \
		OUT="$words" RUN="modtrace record --boot-cmdline --cpus=$cpus >/out/words" >/dev/null
	cat "$words/words"
}

# The disk of an arm with rules: what modtrace-udev enable makes, without another boot.
disk()
{
	cp --sparse=always "$("$top/lab/debian.sh" "$rootfs")" "$out/disk"
	debugfs -w -R "write $rules /etc/udev/rules.d/${rules##*/}" "$out/disk" >/dev/null 2>&1
	debugfs -R "stat /etc/udev/rules.d/${rules##*/}" "$out/disk" 2>/dev/null | grep -q 'Type: regular' ||
		die "the rules can't be written to the disk"
}

# Settled is when udev has worked off all events and multi-user.target is reached. The disk is the
# last of the virtio disks, a device that has nothing to do with the storm: when udev had handled it.
# shellcheck disable=SC2016 # it is the guest that expands this
run='udevadm settle --timeout=900
read -r settled _ </proc/uptime
modtrace record --boot --until=settle -o /tmp/boot.data || exit
cp /tmp/boot.data /out/
lsmod | sed "1d; s/ .*//" | sort >/out/modules
for device in /sys/class/block/vd?; do
	udevadm info -q property -p "$device" | sed -n "s/^USEC_INITIALIZED=//p"
done | sort -n | tail -n 1 >/out/disk
echo "$settled" >/out/settled'

# boot ARM NUMBER
boot()
{
	arm "$1"
	dir=$out/$cpus/$1-$2
	[ ! -s "$dir/report.json" ] || return 0
	words=$(words)
	say "boot $2 of $boots, $1, $cpus CPUs"
	rm -rf "$dir"
	mkdir -p "$dir"
	set -- KERNEL="$kernel" ROOTFS="$rootfs" CPUS="$cpus" MEM=$mem OUT="$dir" TIMEOUT=1800 \
		APPEND="$words $parameters" RUN="$run"
	if [ "$with_rules" = yes ]; then
		disk
		set -- "$@" DISK="$out/disk"
	fi
	BOOT_LIMIT=$((300 + 20 * cpus)) "$top/lab/vm.sh" "$@" >/dev/null
	rm -f "$out/disk"
	"$build/modtrace/modtrace" report -i "$dir/boot.data" --format=json >"$dir/report.tmp"
	mv "$dir/report.tmp" "$dir/report.json"
}

# figures ARM NUMBER: the boot in one line.
figures()
{
	dir=$out/$cpus/$1-$2
	jq -r --arg settled "$(cat "$dir/settled")" --arg disk "$(cat "$dir/disk")" '
		[ .totals.attempts, .totals.loaded, .totals.merged, .totals.wasted_bytes,
		  (.totals.dup_time_ns + .totals.fail_time_ns + .totals.load_time_ns) / 1e9,
		  (($disk | tonumber?) // 0) / 1e6, $settled, .recording.lost,
		  (if .totals.bytes_exact then 1 else 0 end),
		  (.totals.dup_time_ns + .totals.fail_time_ns) / 1e9 ]
		| map(tostring) | join(" ")' "$dir/report.json"
}

# Those of an arm's boots; the first arm of a kernel is what the others are compared with.
modules()
{
	for number in $(seq "$boots"); do
		sort -u "$out/$cpus/$1-$number/modules" | sha256sum
	done | sort -u | wc -l
}

row()
{
	arm "$1"
	same=yes
	[ "$(modules "$1")" = 1 ] || same="differ between boots"
	family=$rootfs-${kernel%-stock}
	[ "$rootfs" != debian12 ] || family=$rootfs
	reference=$out/$cpus/modules-$family
	if [ ! -e "$reference" ]; then
		cp "$out/$cpus/$1-1/modules" "$reference"
	elif ! cmp -s "$reference" "$out/$cpus/$1-1/modules"; then
		same="no: $(diff "$reference" "$out/$cpus/$1-1/modules" | sed -n 's/^[<>]/&/p' | tr -d ' ' | tr '\n' ' ')"
	fi
	for number in $(seq "$boots"); do
		figures "$1" "$number"
	done | awk -v arm="$1" -v same="$same ($(wc -l <"$out/$cpus/$1-1/modules"))" '
	{
		for (i = 1; i <= NF; i++) {
			sum[i] += $i
			if (NR == 1 || $i < least[i] + 0) least[i] = $i + 0
			if (NR == 1 || $i > most[i] + 0) most[i] = $i + 0
		}
	}
	function spread(i, form, scale) {
		if (sprintf(form, least[i] / scale) == sprintf(form, most[i] / scale))
			return sprintf(form, least[i] / scale)
		return sprintf(form " (" form "–" form ")", sum[i] / NR / scale, least[i] / scale,
			most[i] / scale)
	}
	END {
		printf "| %s | %d | %s | %s | %s%s MiB | %s | %s | %s | %s | %s | %s |\n", arm, NR,
			spread(1, "%.0f", 1), spread(3, "%.0f", 1), least[9] || !most[4] ? "" : "≥ ",
			spread(4, "%.1f", 1048576), spread(5, "%.1f", 1), spread(10, "%.1f", 1),
			least[6] ? spread(6, "%.1f", 1) : "unknown", spread(7, "%.1f", 1), same, spread(8, "%.0f", 1)
	}'
}

mkdir -p "$out/$cpus"
for number in $(seq "$boots"); do
	for arm; do
		boot "$arm" "$number"
	done
done
rm -f "$out/$cpus"/modules-*
echo "| arm | boots | attempts | merged | wasted by duplicates | worker-seconds in load calls |" \
	"of these, in vain | virtio disk handled at, s | settled at, s | same modules loaded | lost events |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for arm; do
	row "$arm"
done
