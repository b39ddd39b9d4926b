# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Stock mode on the kernels of today's Debian: a boot, and udev's events once more recorded live,
# against a count of the same by probes of the system calls and kernel_read_file(). Source it.

. "$(dirname -- "$0")/../vm/lib.sh"

needs jq
modtrace=$top/build/modtrace/modtrace

# The same probes for a boot and live; those of a boot are modtrace's words with more behind.
finit=__x64_sys_finit_module init=__x64_sys_init_module
probes="p:count/c_finit,$finit;r2000:count/c_finit_done,$finit,ret=\$retval:s32"
probes="$probes;p:count/c_init,$init,len=+104(%di):u64;r2000:count/c_init_done,$init,ret=\$retval:s32"
probes="$probes;p:count/c_read,kernel_read_file"
probes="$probes;r2000:count/c_read_done,kernel_read_file,bytes=\$retval:s64"
events=$(echo "$probes" | tr ';' '\n' | sed 's,^[pr][0-9]*:count/\([a-z_]*\).*,count:\1,' | paste -sd,)

# json NAME EXPRESSION: of the report of a recording.
json()
{
	"$modtrace" report -i "$out/$1.data" --format=json 2>"$tmp/err" | jq -c "$2" 2>&1
}

# agrees WHAT NAME: the report of NAME.data says what NAME.trace was counted to.
agrees()
{
	"$top/tests/vm/count-calls.py" "$out/$2.trace" >"$tmp/counted"
	count() { sed -n "s/^$1=//p" "$tmp/counted"; }
	diag "$1: $(paste -sd' ' "$tmp/counted")"
	ok "$1: there were duplicates" test "$(($(count merged) + $(count exists) + $(count busy)))" -gt 0
	is "$1: stock mode, nothing lost" "$(json "$2" '[.recording.mode, .recording.lost]')" \
		'["stock",0]'
	is "$1: attempts" "$(json "$2" '.totals.attempts + .totals.rejected')" "$(count calls)"
	for key in loaded merged exists busy failed; do
		is "$1: $key" "$(json "$2" ".totals.$key")" "$(count $key)"
	done
	is "$1: none unknown, none in flight" \
		"$(json "$2" '[.totals.unknown, .totals.in_flight]')" '[0,0]'
	is "$1: all have a name" \
		"$(json "$2" '[.modules[] | select(.name == "(unnamed)")] | length')" 0
	if [ "$(count merged)" != 0 ]; then
		is "$1: those that only waited are told so" "$(json "$2" '.totals.wait_ns != null')" true
	fi
	is "$1: bytes read by duplicates" "$(json "$2" .totals.wasted.read)" \
		"$(count read_by_duplicates)"
	# The probes are inside of the system calls' events.
	ms=$(($(count duplicate_ns) / 1000000))
	ok "$1: worker-seconds of duplicates, to 2%" awk -v a="$ms" -v b="$(json "$2" \
		'[.modules[].call_ns.sum // 0] | add / 1000000')" \
		'BEGIN { exit !(b >= a * 0.98 && b <= a * 1.02 + 100) }'
}

# What system calls and module_load tell
known='[.totals.attempts + .totals.rejected, .totals.loaded, .totals.errno]'

# boots KERNEL ROOTFS CPUS [live]: with live, udev's events once more, too, and recorded by perf and
# trace-cmd at once.
boots()
{
	[ $# -eq 4 ] || set -- "$@" no
	what="$1, $2, $3 CPUs"
	kernel=$("$top/lab/debian-kernel.sh" "$1" all 2>"$tmp/fetch.log") || {
		skip "$1 can't be had: $(tail -n 1 "$tmp/fetch.log")"
		return 0
	}
	release=$(basename "$(dirname "$kernel")")
	release=${release#linux-image-}
	words=$("$modtrace" record --boot-cmdline --for=stock --release="$release" --cpus="$3" 2>/dev/null |
		sed "s|kprobe_event=[^ ]*[^ \"]|&;$probes|; s|trace_event=|&$events,|")
	like "$what: words for the command line" "$words" '^kprobe_event="?p:modtrace/.*c_read_done,[^ ]*"? trace_event='
	export BOOT_LIMIT=$((120 + 10 * $3))
	guest KERNEL="$1" ROOTFS="$2" CPUS="$3" MEM=4G TIMEOUT=$((600 + 20 * $3)) APPEND="$words" <<EOG
tracing=/sys/kernel/tracing
udevadm settle
echo 0 >\$tracing/tracing_on
grep -E ' (c_[a-z_]*|module_load): ' \$tracing/trace >/out/boot.trace
modtrace record --boot -o /out/boot.data --until=3
result record \$?
[ "$4" = live ] || exit 0

# The same once more, live: what udev asks for, and what it takes to be asked again.
for module in ccp kvm_amd kvm_intel kvm edac_mce_amd aesni_intel ghash_clmulni_intel crc32c_intel; do
	rmmod \$module 2>/dev/null
done
echo 0 >\$tracing/events/enable
echo 1 >\$tracing/tracing_on
mkdir \$tracing/instances/count
echo mono >\$tracing/instances/count/trace_clock
echo 8192 >\$tracing/instances/count/buffer_size_kb
echo 1 >\$tracing/instances/count/events/count/enable
echo 1 >\$tracing/instances/count/events/module/module_load/enable
events=syscalls:sys_enter_finit_module,syscalls:sys_exit_finit_module,syscalls:sys_enter_init_module
events=\$events,syscalls:sys_exit_init_module,module:module_load
trace-cmd record -q -o /tmp/live.dat -B others -e \$(echo \$events | sed 's/,/ -e /g') \
	perf record -q -a -o /tmp/live.perf -e \$events -- \
	modtrace record -o /out/live.data -- sh -c 'udevadm trigger -c add; udevadm settle' >/out/others 2>&1
result live \$?
cp /tmp/live.perf /out/live-perf.data
cp /tmp/live.dat /out/live-trace-cmd.data
cat \$tracing/instances/count/trace >/out/live.trace
EOG
	guest_ok "$what: RUN"
	is "$what: recorded" "$(value record)" 0
	is "$what: each load by a worker of udev is for a device" "$("$modtrace" report -i "$out/boot.data" --attempts \
		--format=jsonl | jq -s '[.[] | select(.comm == "(udev-worker)" and .device == null)] | length')" 0
	agrees "$what, boot" boot
	[ "$4" = live ] || return 0
	is "$what: recorded once more" "$(value live)" 0
	agrees "$what, live" live
	for other in perf trace-cmd; do
		is "$what, live: $other recorded the same" "$(json live-$other "$known")" \
			"$(json live "$known")"
	done
	# A boot's are the files' sizes.
	is "$what, live: bytes are exact" "$(json live .totals.bytes_exact)" true
}
