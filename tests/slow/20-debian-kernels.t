#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Stock mode on the kernels that Debian ships: 6.1, where each duplicate does the work, and 6.12 and
# 7.3, where those in time get the winner's result, 0 included. All have BTF.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

needs jq

# key NAME KEY: what storm counted.
key()
{
	number=$(sed -n "s/^$2=//p" "$out/$1.keys")
	echo "${number:-0}"
}

json()
{
	"$top/build/modtrace/modtrace" report -i "$out/$1.data" --format=json 2>&1 | jq -c "$2" 2>&1
}

# storms KERNEL: in a guest with it.
storms()
{
	"$top/lab/debian-kernel.sh" "$1" xfs >/dev/null 2>"$tmp/fetch.log" || {
		skip "$1 can't be had: $(tail -n 1 "$tmp/fetch.log")"
		return 1
	}
	guest KERNEL="$1" CPUS=4 <<'EOG'
file=$(modinfo -n xfs)
modprobe xfs
rmmod xfs
case $file in
*.xz)
	unxz -c "$file" >/tmp/xfs.ko
	packed=$file file=/tmp/xfs.ko ;;
*)
	packed= ;;
esac
probes() { cat /sys/kernel/tracing/kprobe_events; }
modtrace record -o /out/storm.data -- storm -k -n 16 "$file" >/out/storm.keys
result record $?
modtrace record -o /out/live.data -- storm -k -n 8 "$file" >/out/live.keys
modtrace record -o /out/probes.data -- sh -c 'cat /sys/kernel/tracing/kprobe_events >/out/probes'
rmmod xfs
result probes_after "$(probes | wc -l)"
if [ -n "$packed" ]; then
	modtrace record -o /out/packed.data -- storm -k -n 8 -f 4 "$packed" >/out/packed.keys
	result packed yes
fi
EOG
	guest_ok "$1: storms, recorded"
	is "$1: recorded" "$(value record)" 0
	is "$1: the file's name is probed by the kernel's type information" \
		"$(grep -c '/read kernel_read_file file=' "$out/probes")" 1
	is "$1: what is laid out is probed" "$(grep -cE '/alloc (module|execmem)_alloc' \
		"$out/probes")" 1
	is "$1: no probe is left" "$(value probes_after)" 0
	is "$1: stock mode" "$(json storm .recording.mode)" '"stock"'
	is "$1: one module, by name" "$(json storm '[.modules[].name]')" '["xfs"]'
	is "$1: 16 attempts, one loaded it" "$(json storm '[.totals.attempts, .totals.loaded]')" \
		'[16,1]'
	is "$1: bytes are exact" "$(json storm .totals.bytes_exact)" true
	is "$1: nothing lost, nothing unknown" \
		"$(json storm '[.recording.lost, .totals.unknown, .totals.in_flight]')" '[0,0,0]'
	is "$1: live: all in vain" \
		"$(json live '[.totals.exists + .totals.merged, .totals.errno.EEXIST]')" '[8,8]'
}

if storms debian-6.1; then
	size=$(key storm file_bytes)
	is '6.1: each duplicate in vain' "$(json storm '[.totals.merged, .totals.exists]')" '[0,15]'
	is '6.1: and read the file' "$(json storm .totals.wasted.read)" $((15 * size))
	is '6.1: and laid it out' "$(json storm '.totals.wasted.layout > 0')" true
	is '6.1: when it is live, nobody waits for another' "$(json live .totals.merged)" 0
	is '6.1: when it is live, too' "$(json live .totals.wasted.read)" $((8 * size))
fi

for version in 6.12 7.3; do
	storms debian-$version || continue
	size=$(key storm file_bytes)
	told=$(key storm ok)
	is "$version: success is shared" "$(json storm .totals.merged)" $((told - 1))
	is "$version: by a gate that is not known" "$(json storm .totals.merged_by_gate.unknown)" \
		$((told - 1))
	is "$version: they did nothing but wait" "$(json storm '.totals.wait_ns != null')" true
	is "$version: what came too late did read" "$(json storm ".totals.wasted.read % $size")" 0
	is "$version: when it is live, those who wait for its refusal read nothing" \
		"$(json live .totals.wasted.read)" $(($(json live .totals.exists) * size))
	is "$version: merged ones avoided the file at least" \
		"$(json storm ".totals.avoided_bytes >= $size * ($told - 1)")" true
	is "$version: a packed file was read" "$(value packed)" yes
	is "$version: of packed ones one loaded" "$(json packed .totals.loaded)" 1
	is "$version: what those decompressed is known" "$(json packed .totals.bytes_exact)" true
done
done_testing
