# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# shellcheck disable=SC2034
# What the scenarios share inside a guest; it is at /extra/lib.sh there.

tracing=/sys/kernel/tracing
policies=/sys/module/module/parameters
hold=$(modinfo -n mt_hold) hold2=$(modinfo -n mt_hold2)
dep_a=$(modinfo -n mt_dep_a) dep_b=$(modinfo -n mt_dep_b)
params=/sys/module/mt_hold/parameters
params2=/sys/module/mt_hold2/parameters

mkdir -p /etc/modprobe.d
# The events of both kernels and of ours; a helper is seen by its exec.
echo 8192 >$tracing/buffer_size_kb
echo global >$tracing/trace_clock
for event in module_request module_load_begin module_load_merged module_load_exclusive_busy \
		module_load_end module_autoload_dup; do
	[ ! -d $tracing/events/module/$event ] || echo 1 >$tracing/events/module/$event/enable
done
echo 'filename ~ "*modprobe"' >$tracing/events/sched/sched_process_exec/filter
echo 1 >$tracing/events/sched/sched_process_exec/enable

trace_start()
{
	echo 0 >$tracing/tracing_on
	echo >$tracing/trace
	echo 1 >$tracing/tracing_on
}

# trace_stop NAME: what was traced is in NAME.trace.
trace_stop()
{
	echo 0 >$tracing/tracing_on
	: >>"/out/$1.out"
	cat $tracing/trace >"/out/$1.trace"
}

# traced NAME COMMAND...: its output is in NAME.out, what it made the kernel trace in NAME.trace.
traced()
{
	_name=$1
	shift
	trace_start
	"$@" >"/out/$_name.out" 2>&1
	_status=$?
	trace_stop "$_name"
	return $_status
}

# policy NAME VALUE
policy()
{
	echo "$2" >"$policies/$1"
}

# From 6.5 on the stock kernel shares results between loads of one file.
stock_policies()
{
	case $(uname -r) in
	6.1.*)	policy merge_file off ;;
	*)	policy merge_file share ;;
	esac
	policy merge_live 0
	policy merge_name 0
	policy merge_autoload 0
}

default_policies()
{
	policy merge_file wait
	policy merge_live 1
	policy merge_name 1
	policy merge_autoload 1
}

all_policies()
{
	for _policy in file live name autoload; do
		cat $policies/merge_$_policy
	done | tr '\n' ' '
}

# How many loads and requests are in flight.
in_flight()
{
	grep -vc '^#' /sys/kernel/debug/modules/inflight
}

# until_true SECONDS COMMAND...: polls; fails, and so does the test, when the time is up.
until_true()
{
	_tries=$(($1 * 20))
	shift
	while ! "$@" >/dev/null 2>&1; do
		_tries=$((_tries - 1))
		if [ $_tries -le 0 ]; then
			echo "gave up waiting: $*"
			return 1
		fi
		sleep 0.05
	done
}

gone()
{
	! kill -0 "$1"
}

# in_init MODULE: one is in its init, or in its held exit.
in_init()
{
	_holder=$(cat "/sys/module/$1/parameters/holder" 2>/dev/null) && [ "${_holder:-0}" -gt 0 ]
}

# blocked PID: it sleeps in finit_module or init_module.
blocked()
{
	grep -Eq '^(313|175) ' "/proc/$1/syscall" && grep -q '^State:.[SD]' "/proc/$1/status"
}

# stopped PID: by a signal or a tracer.
stopped()
{
	grep -q '^State:.[Tt]' "/proc/$1/status"
}

# start NAME COMMAND...: in the background, its output in NAME.out; $pid is the command's own.
start()
{
	_start=$1
	shift
	"$@" >"/out/$_start.out" 2>&1 &
	pid=$!
}

children()
{
	awk -v parent="$1" '/^Pid:/ { pid = $2 } /^PPid:/ && $2 == parent { print pid }' \
		/proc/[0-9]*/status 2>/dev/null
}

# blocked_below PID COUNT: so many of its children, all it has, do that.
blocked_below()
{
	_below=0
	for _child in $(children "$1"); do
		blocked "$_child" || return 1
		_below=$((_below + 1))
	done
	[ $_below = "$2" ]
}

# requested COUNT: so many requests were traced.
requested()
{
	[ "$(grep -c ': module_request: ' $tracing/trace)" -ge "$1" ]
}

# asked_for NAME COUNT: so many requests for it were traced.
asked_for()
{
	[ "$(grep -c ": module_request: $1 " $tracing/trace)" -ge "$2" ]
}

# answered MODULE: the request that it made has returned.
answered()
{
	[ "$(cat "/sys/module/$1/parameters/request_ms")" -ge 0 ]
}

# release MODULE
release()
{
	echo 1 >"/sys/module/$1/parameters/release"
}

# storm, held until all are blocked, by all its callers' names: held NAME OPTION...
held()
{
	_held=$1
	shift
	traced "$_held" storm -k -l -r $params/release "$@" "$hold"
}

# The second storm: as the first, whatever was before it. again NAME
again()
{
	_again=$1
	rmmod mt_hold 2>/dev/null
	result "$_again.left" "$(grep -c '^mt_' /proc/modules) $(in_flight)"
	held "$_again.again" -n 4 -p hold=1
	rmmod mt_hold
	# Neither a denial of writing nor a writer is left.
	true >>"$hold" && result "$_again.writable" yes
}
