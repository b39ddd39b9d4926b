# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For tests that need a guest: one run, of which many results are checked. Source it.

. "$(dirname -- "$0")/../tap.sh"

# What is written for every series names its kernels by $series, which SERIES= chooses. Its
# scenarios are for merge_file=wait, the policy that tells duplicates from others by what they get.
series=${SERIES:-v6.1}
case $series in
v6.1)	policy= ;;
*)	policy=module.merge_file=wait ;;
esac

# guest [NAME=value]... <<'EOF': runs its input in a guest with lab/vm.sh's settings. Afterwards
# $status is the guest's status, $out the folder that was /out, value reads its output, and
# $complaints is what the lab itself had to say. PATCHED=dir has dir/bzImage and dir/modules stand
# for the patched kernel: so a test is shown to fail on another series.
#
# The input may use two words more than the guest's shell has:
#   keyed PREFIX COMMAND...   the command, each line of its output under "PREFIX."
#   result KEY VALUE          one value
guest()
{
	guests=$((${guests:-0} + 1))
	out=$tmp/out$guests
	run="result() { echo \"\$1=\$2\"; }
keyed() { _p=\$1; shift; \"\$@\" 2>&1 | sed \"s/^/\$_p./\"; }
$(cat)"
	appended=${APPEND-}
	case $1 in
	KERNEL="$series"|KERNEL="$series"-*) appended="$policy $appended" ;;
	esac
	for setting; do
		case $setting in
		APPEND=*) appended="$appended ${setting#APPEND=}" ;;
		esac
	done
	case ${PATCHED:+other}$1 in
	otherKERNEL="$series")
		shift
		set -- KERNEL="$PATCHED/bzImage" MODULES="$PATCHED/modules" "$@" ;;
	esac
	status=0
	"$top/lab/vm.sh" OUT="$out" RUN="$run" "$@" APPEND="$appended" \
		>/dev/null 2>"$tmp/complaints" || status=$?
	complaints=$(cat "$tmp/complaints")
}

# value KEY: what the guest's run gave as KEY=value, the last if more than one.
value()
{
	sed -n "s/^$1=//p" "$out/output.log" | tail -n 1
}

# Everything there is to know about a run that went wrong.
guest_diag()
{
	diag "status $status"
	diag "$complaints"
	diag "$(tail -n 40 "$out/output.log" 2>/dev/null)"
	diag "$(tail -n 20 "$out/console.log" 2>/dev/null)"
}

# guest_ok DESCRIPTION: the last guest's run ended with 0.
guest_ok()
{
	is "$1" "$status" 0
	[ "$status" -eq 0 ] || guest_diag
}
