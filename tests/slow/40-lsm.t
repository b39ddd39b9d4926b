#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Whoever may refuse a module, or wants to know of it, is told the same as on the stock kernel:
# MODULE_SIG_FORCE, LoadPin, SELinux, IMA's measurement and appraisal, lockdown, audit. Where that
# can't be, the difference is one of those that the documentation names.
set -u
. "$(dirname -- "$0")/../vm/kernel.sh"

needs checkpolicy
for helper in probe audit xattr; do
	helper $helper
done
cp "$here/guest/lsm.sh" "$extra/"
checkpolicy -U allow -o "$extra/policy.bin" "$here/guest/selinux.conf" >"$tmp/checkpolicy" 2>&1 ||
	diag "$(cat "$tmp/checkpolicy")"

attempts()
{
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" TIMEOUT=240 <<'EOF2'
. /extra/lsm.sh
EOF2
	scenarios_ok "every kind of attempt on $1"
	is "$1: the policies took hold" \
		"$(value enforcing)$(value policy)$(value audit)$(value xattr)" 1
}
attempts "$series-lsm-stock"
stock=$out
attempts "$series-lsm"

# told CASE WANTED: what the callers were told on both kernels.
said()
{
	tr '\n' ' ' <"$1/$2.out" | sed 's/ $//'
}
told()
{
	is "$1: $2, as stock" "$(said "$out" "$1") / $(said "$stock" "$1")" "$2 / $2"
}
for case in load load_init autoload pin domain_good measure appraise appraise_init measure_again \
	measure_init lockdown; do
	case $case in
	autoload)	told $case '' ;;
	*)		told $case ok ;;
	esac
done
for case in live_finit live_init live_copy pin_live pin_ignored_live measure_before measure_live \
	measure_live_copy appraise_live domain_beside_good measure_beside_copy lockdown_live; do
	told $case EEXIST
done
for case in several several_init measure_several appraise_several; do
	told $case 'ok=1 EEXIST=3'
done
for case in several_fail measure_fail; do
	told $case 'EBUSY=3 ENODEV=1'
done
for case in unsigned unsigned_init unsigned_live unsigned_live_init measure_unsigned \
	lockdown_unsigned; do
	told $case EKEYREJECTED
done
for case in pin_live_other pin_live_init pin_other pin_other_init pin_beside_other \
	pin_beside_init pin_enforced_live; do
	told $case EPERM
done
for case in domain domain_init domain_live domain_live_init domain_beside domain_beside_init; do
	told $case 'result=EACCES handled=0'
done
for case in appraise_wrong appraise_nothing appraise_live_wrong appraise_live_nothing \
	appraise_live_turned appraise_beside_wrong; do
	told $case EACCES
done
told domain_winner 'first EACCES ok=1 EEXIST=1'
told appraise_several_wrong 'first EACCES EACCES=2'

# The records, to the word.
differences='measure_before unsigned_several'
cases_of()
{
	(cd "$1" && printf '%s\n' *.log | sed 's/\.log$//')
}
cases=$(cases_of "$stock" | grep -Ev '^(console|output)$')
for case in $cases; do
	case " $differences " in
	*" $case "*) continue ;;
	esac
	is "$case: the same records as stock" "$(cat "$out/$case.log")" "$(cat "$stock/$case.log")"
done
is 'no case was left out' "$(cases_of "$out")" "$(cases_of "$stock")"
# They say something.
for case in load several live_finit; do
	like "$case: audit names the module" "$(cat "$out/$case.log")" 'type=1330 .*name="mt_hold"'
	like "$case: audit has the call" "$(cat "$out/$case.log")" 'type=1300 .* syscall=313 '
done
like 'pin_other: LoadPin denies' "$(cat "$out/pin_other.log")" 'LoadPin: kernel-module denied'
like 'domain: SELinux denies' "$(cat "$out/domain.log")" 'type=1400 .*denied.*module_load'
like 'domain_live: so it does for a live module' "$(cat "$out/domain_live.log")" \
	'type=1400 .*denied.*module_load'
like 'measure: IMA measures' "$(cat "$out/measure.log")" 'measured /m/mt_hold.ko'
like 'appraise_wrong: IMA appraises' "$(cat "$out/appraise_wrong.log")" 'type=1800 .*wrong.ko'

# What is different: who waits for a file whose signature turns out bad is told busy, and a file
# that isn't read isn't measured.
is 'unsigned_several: stock' "$(said "$stock" unsigned_several)" \
	'first EKEYREJECTED EKEYREJECTED=2'
is 'unsigned_several: here the waiters are told busy' "$(said "$out" unsigned_several)" \
	'first EKEYREJECTED EBUSY=2'
is 'measure_before: stock measures what it reads in vain' \
	"$(grep -c '^measured /m/mt_hold2.ko$' "$stock/measure_before.log")" 1
is 'measure_before: here nothing is read' "$(grep -c '^measured' "$out/measure_before.log")" 0
is 'measure_before: but audited' \
	"$(grep -v '^measured' "$out/measure_before.log")" \
	"$(grep -v '^measured' "$stock/measure_before.log")"
is 'nothing is left' "$(value left)" '0 0'
done_testing
