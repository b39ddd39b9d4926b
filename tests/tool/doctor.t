#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# doctor: what it finds in trees of files that stand for kernels, and that it changes nothing here.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq
cd "$tmp" || exit 1

# put FILE TEXT, below the tree
put()
{
	mkdir -p "root/$(dirname "$1")"
	printf '%s\n' "$2" >"root/$1"
}

# patched: a tree of a kernel with all there is
patched()
{
	rm -rf root
	put proc/sys/kernel/osrelease 6.1.0-test
	put proc/sys/kernel/perf_event_paranoid 2
	put proc/sys/kernel/kptr_restrict 0
	put proc/kallsyms 'ffffffff81000000 T x'
	put boot/config-6.1.0-test 'CONFIG_MODULES=y
CONFIG_TRACEPOINTS=y
CONFIG_EVENT_TRACING=y
CONFIG_PERF_EVENTS=y
CONFIG_FTRACE_SYSCALLS=y
CONFIG_KPROBE_EVENTS=y
CONFIG_DEBUG_INFO_BTF=y
CONFIG_MODULE_MERGE=y
CONFIG_MODULE_STATS=y'
	for event in load_begin load_merged load_exclusive_busy load_end request load free; do
		put sys/kernel/tracing/events/module/module_$event/id 300
	done
	put sys/kernel/tracing/events/module/module_autoload_dup/id 300
	put sys/kernel/tracing/events/syscalls/sys_enter_finit_module/id 301
	put sys/kernel/btf/vmlinux BTF
	put sys/kernel/debug/modules/stats 'Mods ever loaded	3'
	put sys/kernel/tracing/kprobe_events ''
	put proc/cmdline 'quiet trace_event=module:module_load_end trace_clock=mono'
	mkdir -p root/etc/systemd/system/sysinit.target.wants
	ln -sf /dev/null root/etc/systemd/system/sysinit.target.wants/modtrace-boot.service
	for gate in file:wait live:1 name:1 autoload:1; do
		put sys/module/module/parameters/merge_${gate%:*} ${gate#*:}
	done
}

# doctor WANTED_STATUS: run, and keep JSON and text
doctor()
{
	"$modtrace" doctor --root=root --json >json 2>err
	is "$1: status" $? "$2"
	ok "$1: JSON parses" jq -e .schema json
	"$modtrace" doctor --root=root >text 2>>err
	is "$1: nothing on stderr" "$(cat err)" ''
	is "$1: each fault has a remedy or says what to do" \
		"$(jq '[.checks[] | select(.status == "fail" and .remedy == null and
			(.text | test("needs|CONFIG") | not))] | length' json)" 0
}

patched
doctor 'a patched kernel' 0
is 'mode' "$(jq -r .mode json)" patched
is 'gates' "$(jq -c .gates json)" \
	'{"merge_file":"wait","merge_live":"1","merge_name":"1","merge_autoload":"1"}'
is 'all is well' "$(jq -c '[.checks[] | select(.status != "ok")]' json)" '[]'
like 'said' "$(cat text)" '^kernel 6.1.0-test: module loading can be recorded here, in patched mode$'

rm root/sys/kernel/tracing/kprobe_events
doctor 'without probes' 0
is 'devices alone are unknown' "$(jq -c '[.checks[] | select(.status != "ok") | .id]' json)" '["devices"]'
put sys/kernel/tracing/kprobe_events ''

put sys/kernel/security/lockdown 'none [integrity] confidentiality'
doctor 'locked down as to integrity' 0
is 'is as good' "$(jq -c '[.checks[] | select(.status != "ok")]' json)" '[]'
put sys/kernel/security/lockdown 'none integrity [confidentiality]'
doctor 'locked down' 1
is 'says so, and nothing else' "$(jq -c '[.checks[] | select(.status == "fail") | .id]' json)" '["lockdown"]'
like 'its remedy' "$(cat text)" 'boot with lockdown=integrity'
patched

put sys/module/module/parameters/merge_file busy
put proc/sys/kernel/kptr_restrict 2
rm -r root/sys/kernel/debug
doctor 'a patched kernel with faults' 0
like 'a policy that breaks dependencies' "$(cat text)" 'merge_file is busy'
like 'its remedy' "$(cat text)" 'echo wait >/sys/module/module/parameters/merge_file'
like 'symbols' "$(cat text)" 'sysctl kernel.kptr_restrict=0'
like 'statistics' "$(cat text)" 'mount -t debugfs nodev /sys/kernel/debug'

patched
rm -r root/sys/kernel/tracing/events/module/module_load_* root/sys/module \
	root/sys/kernel/tracing/events/module/module_autoload_dup
mkdir -p root/sys/kernel/tracing/events/module
put sys/kernel/tracing/events/module/module_load/id 300
rm -r root/sys/kernel/btf
sed -i '/MODULE_\|KPROBE/d' root/boot/config-6.1.0-test
doctor 'a stock kernel' 0
is 'mode' "$(jq -r .mode json)" stock
is 'no gates' "$(jq -c '.gates.merge_file' json)" null
like 'what that means on 6.1' "$(cat text)" 'no gates: every duplicate does its work for nothing'
put proc/sys/kernel/osrelease 6.12.1-test
cp root/boot/config-6.1.0-test root/boot/config-6.12.1-test
doctor 'a stock kernel that shares results' 0
like 'what that means from 6.5 on' "$(cat text)" \
	'loads of one file at the same time share one result'
put proc/sys/kernel/osrelease 6.1.0-test
like 'which events it lacks' "$(cat text)" 'lacks module:module_load_begin'
like 'without type information' "$(cat text)" 'no BTF: files of modules are named by the opens'
like 'what is exact all the same' "$(cat text)" \
	'exact: attempts, results, call times, bytes read and laid out, and how long duplicates waited for a result; of a boot'
like 'an option that is off' "$(cat text)" 'CONFIG_KPROBE_EVENTS is not set'
like 'its remedy' "$(cat text)" 'scripts/config -e KPROBE_EVENTS'

# What record makes of type information, doctor says.
mkdir -p root/sys/kernel/btf
python3 "$top/tests/tool/mkbtf.py" root/sys/kernel/btf/vmlinux
doctor 'type information' 0
like 'all that probes need is in it' "$(cat text)" 'BTF names the files of modules, and tells what compressed ones decompress to'
like 'what is exact on 6.1' "$(cat text)" \
	'bytes read, decompressed and laid out; unknown: how long duplicates waited for each other; of a boot'
python3 "$top/tests/tool/mkbtf.py" root/sys/kernel/btf/vmlinux load_info
doctor 'type information without modules' 0
like 'decompressed sizes are not' "$(cat text)" 'BTF names the files of modules; what compressed ones decompress to is unknown'
python3 "$top/tests/tool/mkbtf.py" root/sys/kernel/btf/vmlinux file
doctor 'type information without files' 0
like 'it is of no use' "$(cat text)" 'BTF lacks what probes need'
rm root/sys/kernel/tracing/kprobe_events
doctor 'no probes at all' 0
like 'only attempts are exact' "$(cat text)" 'exact: attempts, results and call times; unknown: what duplicates allocated'

rm -r root/sys/kernel/tracing/events/syscalls
doctor 'a stock kernel without syscalls' 1
like 'said' "$(cat text)" 'CONFIG_FTRACE_SYSCALLS'

patched
rm -r root/sys/kernel/tracing
doctor 'no tracefs' 1
like 'said, with the command' "$(cat text)" 'mount -t tracefs nodev /sys/kernel/tracing'
is 'mode' "$(jq -c .mode json)" null

patched
rm root/boot/config*
doctor 'no configuration' 0
like 'said' "$(cat text)" "unknown kernel configuration"

# Probes: ours and others'.
patched
put sys/kernel/tracing/kprobe_events 'p:modtrace_77/open do_sys_openat2
r16:modtrace_77/read_ret kernel_read_file
p:kprobes/other vfs_read'
doctor 'probes left behind' 0
is 'found' "$(jq -c '[.leftovers[] | .group + "/" + .name]' json)" '["modtrace_77/open","modtrace_77/read_ret"]'
is 'nothing was written' "$(wc -l <root/sys/kernel/tracing/kprobe_events)" 3
"$modtrace" doctor --root=root --fix --json >json
is '--fix: status' $? 0
is '--fix: removed' "$(jq -c '[.leftovers[].removed]' json)" '[true,true]'
is '--fix: as the kernel wants it, and only ours' "$(tail -n +4 root/sys/kernel/tracing/kprobe_events)" \
	'-:modtrace_77/open
-:modtrace_77/read_ret'

# Whatever the files say.
patched
printf '6.1\033[31m"\n' >root/proc/sys/kernel/osrelease
printf 'wait\033]0;x\007\377\n' >root/sys/module/module/parameters/merge_file
printf 'p:modtrace_\033[2J/x y\n' >root/sys/kernel/tracing/kprobe_events
"$modtrace" doctor --root=root >text
"$modtrace" doctor --root=root --json >json
is 'no byte that a terminal obeys' "$(cat text json | LC_ALL=C tr -d '\n\040-\176\200-\377' | wc -c)" 0
ok 'and JSON parses' jq -e . json

# And on this machine: it looks, and ends.
"$modtrace" doctor >text 2>err
like 'here: says whether' "$(head -n 1 text)" "^kernel .*: module loading (can|can't) be recorded here"
is 'here: nothing on stderr' "$(cat err)" ''
"$modtrace" doctor too many >out 2>err
is 'arguments it has no use for' $? 1
# A boot is recorded if the command line has the kernel trace it, and a service drains that.
boot_check()
{
	doctor "$1" 0
	is "$1" "$(jq -r '.checks[] | select(.id == "boot") | .status' json)" "$2"
	like "$1: says so" "$(jq -r '.checks[] | select(.id == "boot") | .text' json)" "$3"
}
patched
rm -rf root/etc/systemd root/proc/cmdline
boot_check 'boot: not set up' note 'not recorded'
patched
put proc/cmdline 'root=/dev/vda quiet'
boot_check 'boot: command line without events' note 'enables no events'
put proc/cmdline 'quiet trace_event=module:module_load_begin,module:module_load_end'
boot_check 'boot: another clock' note 'trace_clock=mono'
patched
boot_check 'boot: set up' ok 'are recorded$'
put var/lib/modtrace/boot.data x
boot_check 'boot: recorded' ok '/var/lib/modtrace/boot.data'
rm -rf root/etc
boot_check 'boot: traced, and nobody drains it' note 'no service'

# CPUs that ask udev for the same modules, and the rules that have one ask. The tree is made up.
cpus()
{
	patched
	for n in 0 1 2 3; do
		mkdir -p "root/sys/devices/system/cpu/cpu$n"
		put "sys/bus/acpi/devices/LNXCPU:0$n/modalias" acpi:LNXCPU:
	done
	mkdir -p root/sys/devices/system/cpu/cpufreq
	put sys/bus/acpi/devices/LNXCPU:04/modalias acpi:LNXCPU:VEND0001:
	put sys/bus/acpi/devices/PNP0C0C:00/modalias acpi:PNP0C0C:
	put sys/devices/system/cpu/modalias 'cpu:type:x86,ven0002fam000Fmod006B:feature:,0000,0099,00E1'
	put lib/modules/6.1.0-test/modules.alias '# Aliases extracted from modules themselves.
alias acpi*:LNXCPU:* acpi_cpufreq
alias acpi*:PNP0C0C:* button
alias cpu:type:x86,ven*fam*mod*:feature:*0099* aesni_intel
alias cpu:type:x86,ven0000fam0006mod*:feature:* intel_only
alias cpu:type:x86,ven0002fam000Fmod*:feature:*00E1* kvm_amd
alias cpu:type:x86,ven0002fam*mod*:feature:*00E1* kvm_amd
alias cpu:type:*%************************************x hostile
alias'
	put usr/lib/udev/rules.d/80-drivers.rules 'ACTION!="add", GOTO="drivers_end"
ENV{MODALIAS}=="?*", RUN{builtin}+="kmod load"
LABEL="drivers_end"'
}
cpu_rules()
{
	doctor "$1" 0
	is "$1: status" "$(jq -r '.checks[] | select(.id == "cpu_rules") | .status' json)" "$2"
	like "$1: says so" "$(jq -r '.checks[] | select(.id == "cpu_rules") | .text' json)" "$3"
}
rules=etc/udev/rules.d/80-cpu-modalias.rules

patched
cpu_rules 'no udev' ok 'udev is not installed'
cpus
cpu_rules 'CPUs' note 'up to 9 loads for nothing in a boot: 4 CPUs have the same modalias, which 2 modules match, and 4 ACPI processors, 1 modules'
is 'CPUs: which modules' "$(jq -c '.cpus, .acpi_processors' json)" \
	'{"devices":4,"rules":null,"modules":["aesni_intel","kvm_amd"]}
{"devices":4,"rules":null,"modules":["acpi_cpufreq"]}'
like 'CPUs: the remedy' "$(cat text)" 'modtrace-udev enable'
mkdir -p "root/${rules%/*}"
cp "$top/contrib/udev/80-cpu-modalias.rules" "root/$rules"
cpu_rules 'the rules' ok "one CPU asks udev for the modules of all \\(/$rules\\)"
sed -i '/SUBSYSTEM=="acpi"/d' "root/$rules"
cpu_rules 'one of the rules' note 'up to 3 loads for nothing'
mv "root/$rules" root/etc/udev/rules.d/90-mine.rules
cpu_rules 'rules that sort after' note '/etc/udev/rules.d/90-mine.rules come after 80-drivers.rules'
cpus
mkdir -p root/usr/lib/udev/rules.d "root/${rules%/*}"
cp "$top/contrib/udev/80-cpu-modalias.rules" root/usr/lib/udev/rules.d/
cpu_rules 'rules of the distribution' ok '/usr/lib/udev/rules.d/80-cpu-modalias.rules'
ln -s /dev/null "root/$rules"
cpu_rules 'that are masked' note 'up to 9 loads'
cpus
sed 's/^/# /' "$top/contrib/udev/80-cpu-modalias.rules" | put_file=root/etc/udev/rules.d/10-x.rules sh -c \
	'mkdir -p "${put_file%/*}"; cat >"$put_file"'
cpu_rules 'rules in a comment' note 'up to 9 loads'
cpus
mkdir -p root/tmp/rules.d
cp root/usr/lib/udev/rules.d/80-drivers.rules root/tmp/rules.d/
if (cd root/tmp && git apply "$top/contrib/udev/systemd-rules.patch" 2>/dev/null); then
	cp root/tmp/rules.d/80-drivers.rules root/usr/lib/udev/rules.d/
else
	sed -n 's/^+\([^+]\)/\1/p' "$top/contrib/udev/systemd-rules.patch" >>root/usr/lib/udev/rules.d/80-drivers.rules
fi
cpu_rules 'rules of a patched systemd' ok 'asks udev for the modules of all \(/usr/lib/udev/rules.d/80-drivers.rules\)'
cpus
rm -r root/sys/devices/system/cpu/cpu[123] root/sys/bus/acpi
cpu_rules 'one CPU' ok 'CPUs cause no duplicates: 1 CPUs'
cpus
rm root/lib/modules/6.1.0-test/modules.alias
cpu_rules 'no aliases' note 'modules.alias is not readable'
cpus
rm -r root/sys/devices
cpu_rules 'no CPUs' note 'no CPUs in /sys'
done_testing
