# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# recordings.sh FOLDER [REGEX]: in a guest, the same storms recorded by perf and by trace-cmd with every option
# that changes what they write. Of each NAME: FOLDER/NAME.dat or .data, and what storm counted in
# NAME.keys. Those whose options this version, or this machine, doesn't have are in FOLDER/without.
folder=$1 only=${2:-.}
cd "$folder" || exit
: >without

dummy=$(modinfo -n dummy) orphan=$(modinfo -n msdos)
modprobe dummy && rmmod dummy || exit
cat >/tmp/storms <<EOS
exec >"\$1"
storm -k -n 6 $dummy
storm -k -n 3 -i $dummy
storm -k -n 1 $orphan
rmmod dummy
EOS

syscalls='-e syscalls:sys_enter_finit_module -e syscalls:sys_exit_finit_module
	-e syscalls:sys_enter_init_module -e syscalls:sys_exit_init_module'

# attempt NAME FILE COMMAND...: it makes FILE.
attempt()
{
	name=$1 file=$2
	shift 2
	echo "$name" | grep -Eq "$only" || return 0
	rm -rf "$file" "/tmp/$name.keys"
	if timeout 120 "$@" >/tmp/said 2>&1 && [ -s "$file" ]; then
		cp "/tmp/$name.keys" "$name.keys"
	else
		echo "$name: $(grep . /tmp/said | tail -n 1)" >>without
		rm -rf "$file"
	fi
	! grep -q '^dummy ' /proc/modules || rmmod dummy
}

# t NAME OPTION...: of trace-cmd record
t()
{
	name=$1
	shift
	attempt "$name" "$name.dat" trace-cmd record -o "$name.dat" "$@" sh /tmp/storms "/tmp/$name.keys"
}

# p NAME OPTION...: of perf record
p()
{
	name=$1
	shift
	attempt "$name" "$name.data" perf record -q -o "$name.data" "$@" -- \
		sh /tmp/storms "/tmp/$name.keys"
}

command -v trace-cmd >/dev/null && {
	events="-e module $syscalls"
	# shellcheck disable=SC2086 # words, here and below
	t tc-plain $events
	t tc-version-6 --file-version 6 $events
	for how in none zlib zstd; do
		t tc-$how --compression $how $events
	done
	for clock in counter uptime x86-tsc tsc2nsec mono mono_raw boot tai global perf; do
		t tc-clock-$clock -C $clock $events
		t tc-clock-$clock-6 --file-version 6 -C $clock $events
	done
	# One event in several buffers, each with a part of it, or each with all.
	t tc-buffers $syscalls -B one -e module:module_load -f 'name=="dummy"' -B two \
		-e module:module_load -f 'name!="dummy"'
	t tc-buffers-exits -B bad -e syscalls:sys_exit_finit_module -f 'ret<0' -B good \
		-e syscalls:sys_exit_finit_module -f 'ret>=0' -B rest -e module \
		-e syscalls:sys_enter_finit_module -e syscalls:sys_enter_init_module \
		-e syscalls:sys_exit_init_module
	t tc-buffers-overlap -B bad -e syscalls:sys_exit_finit_module -f 'ret<0' $events \
		-B good -e syscalls:sys_exit_finit_module -f 'ret>=0' -e module:module_load -B all $events
	t tc-buffers-same $events -B same $events -B again $events
	t tc-buffers-same-6 --file-version 6 $events -B same $events -B again $events
	t tc-buffers-uptime -C uptime $events -B same -C uptime $events
	t tc-clocks-first -C mono $events -B other -C counter -e module
	t tc-clocks-second -C counter -e module:module_load -B other -C mono $events
	t tc-raw -e module -e raw_syscalls -f 'id==313||id==175'
	t tc-date --date $events
	t tc-stacks -T $events
	t tc-functions -p function -l kernel_read_file $events
	t tc-graph -p function_graph -g kernel_read_file $events
	t tc-follow -F -c $events
	t tc-map --proc-map -F -c $events
	t tc-kept -k $events
	t tc-limit -m 2000 $events
	t tc-ring -b 512 $events
	t tc-few-names --cmdlines-size 16 $events
	t tc-offset --ts-offset 1000000 $events
	attempt tc-extract tc-extract.dat sh -c "trace-cmd start $events &&
		sh /tmp/storms /tmp/tc-extract.keys && trace-cmd stop &&
		trace-cmd extract -o tc-extract.dat; trace-cmd reset"
	attempt tc-extract-buffer tc-extract-buffer.dat sh -c "trace-cmd start -B mine $events &&
		sh /tmp/storms /tmp/tc-extract-buffer.keys && trace-cmd stop -B mine &&
		trace-cmd extract -B mine -o tc-extract-buffer.dat; trace-cmd reset -B mine -d"
	for version in 6 7; do
		attempt tc-converted-$version tc-converted-$version.dat sh -c \
			"trace-cmd convert -i tc-plain.dat -o tc-converted-$version.dat --file-version $version &&
			cp tc-plain.keys /tmp/tc-converted-$version.keys"
	done
	attempt tc-split tc-split.dat sh -c 'trace-cmd split -i tc-buffers-same.dat -o tc-split.dat &&
		mv tc-split.dat.1 tc-split.dat; cp tc-buffers-same.keys /tmp/tc-split.keys'
}

command -v perf >/dev/null && {
	events="-e module:* $syscalls"
	set -f
	p perf-plain -a $events
	p perf-one-tree $events
	p perf-packed -a -z $events
	p perf-chains -a -g $events
	p perf-stacks -a --call-graph dwarf,1024 $events
	p perf-stacks-packed -a -z --call-graph dwarf,1024 $events
	p perf-no-time -a --no-timestamp $events
	for clock in monotonic monotonic_raw boottime tai realtime; do
		p perf-clock-$clock -a -k $clock $events
	done
	for by in cpu core package numa; do
		p perf-threads-$by -a --threads=$by $events
		p perf-threads-$by-packed -a --threads=$by -z $events
	done
	p perf-threads-chains -a --threads=cpu -z -g $events
	p perf-kcore -a --kcore $events
	p perf-kcore-threads -a --kcore --threads=cpu $events
	p perf-cgroups -a --all-cgroups --namespaces $events
	p perf-fields -a -W -d --phys-data --sample-cpu --sample-identifier $events
	p perf-page-sizes -a -d --data-page-size --code-page-size $events
	p perf-registers -a --user-regs=ip,sp --intr-regs=ip,sp $events
	p perf-switches -a --switch-events $events
	p perf-counts -a -n -s $events
	p perf-group -a -e '{syscalls:sys_enter_finit_module,syscalls:sys_exit_finit_module,syscalls:sys_enter_init_module,syscalls:sys_exit_init_module,module:module_load}:S'
	p perf-filter -a $syscalls --filter 'ret<=0' -e module:module_load
	p perf-clock-too -a $events -e cpu-clock
	p perf-aio -a --aio $events
	p perf-affinity -a --affinity=cpu $events
	p perf-affinity-threads -a --threads=cpu --affinity=cpu $events
	p perf-flush -a --mmap-flush=64K -z $events
	p perf-boundary -a --timestamp-boundary $events
	p perf-tail -a --tail-synthesize $events
	p perf-no-synth -a --synth=no $events
	p perf-no-ids -a -B -N $events
	p perf-off-cpu -a --off-cpu $events
	p perf-latency -a --latency $events
	p perf-setup-filter -a --setup-filter=action=pin $events
	for how in '' -z; do
		attempt perf-pipe$how perf-pipe$how.data sh -fc \
			"perf record -q -a $how $events -o - -- sh /tmp/storms /tmp/perf-pipe$how.keys |
			cat >perf-pipe$how.data"
	done
	attempt perf-switched perf-switched.data sh -fc "perf record -q -a --switch-output=1h \
		$events -o perf-switched.data -- sh /tmp/storms /tmp/perf-switched.keys;
		mv perf-switched.data.2* perf-switched.data"
	attempt perf-injected perf-injected.data sh -c 'perf inject -i perf-plain.data -o \
		perf-injected.data && cp perf-plain.keys /tmp/perf-injected.keys'
	attempt perf-injected-ids perf-injected-ids.data sh -c 'perf inject -b -i perf-plain.data -o \
		perf-injected-ids.data && cp perf-plain.keys /tmp/perf-injected-ids.keys'
	attempt perf-trace perf-trace.data perf trace record -o perf-trace.data -a \
		-e finit_module,init_module -- sh /tmp/storms /tmp/perf-trace.keys
}
:
