#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# run.sh check|test|slow|FILE...: runs tests under prove and ends with one line that counts them.
# check needs no kernel; test is all but the slow ones; slow is everything. JOBS=2 files run at a time
# but for those with guests, whose times are looked at.
set -eu

. "$(dirname -- "$0")/../lab/common.sh"
cd "$top"

files=
add()
{
	for file; do
		[ ! -f "$file" ] || files="$files $file"
	done
}

add_check()
{
	add tests/*.t tests/lab/*.t tests/unit/*.t tests/golden/*.t tests/tool/*.t tests/fleet/*.t tests/fuzz/*.t tests/tui/*.t
}

# Of the tests of the series 7.3 has all (52-v7.3.t), 6.1 and 6.12 the core (53-v6.12.t); the slow tier has all for 6.1.
add_vm()
{
	for test in tests/vm/*.t; do
		case $1-${test##*/} in
		test-11-*|test-12-*|test-13-*|test-14-*|test-16-*|test-19-*|test-21-*|test-22-*) ;;
		*) add "$test" ;;
		esac
	done
}

case ${1-} in
check)
	add_check ;;
test|slow)
	add_check
	add tests/packages/*.t
	add_vm "$1"
	add tests/patches/*.t
	[ "$1" = test ] || add tests/slow/*.t
	# Built before, for what takes minutes is to be seen; a failure is the tests' to tell.
	lab/kernel.sh v6.1-stock >/dev/null || :
	lab/kernel.sh v6.1 >/dev/null || :
	later=yes ;;
*)
	add "$@" ;;
esac
lab/tools.sh || :

# What the last tests need is made while the guests of the first leave a CPU idle. Where that isn't done
# in time they wait for it, and where it fails they tell.
build_later()
{
	mkdir -p build
	# A session has a share of the CPUs of its own, and a niceness for it.
	setsid nice -n 19 sh -c '
	echo 19 >/proc/$$/autogroup
	lab/kernel.sh v7.3-stock
	lab/kernel.sh v7.3
	lab/debian.sh debian13
	lab/debian-kernel.sh debian-6.12 all
	lab/debian-kernel.sh debian-7.3 all
	lab/kernel.sh v6.12-stock
	lab/kernel.sh v6.12' >build/later.log 2>&1 &
	builder=$!
	trap 'kill -- -$builder 2>/dev/null || :' EXIT
	trap 'exit 130' INT
	trap 'exit 143' HUP TERM
	say "building what the last tests need in the background, log in build/later.log"
}
[ -z "${later-}" ] || build_later

if [ -z "$files" ]; then
	say "no tests were found"
	echo "0 passed, 0 failed, 0 skipped"
	exit 1
fi
export STRICT="${STRICT:-}" PERL5LIB="$top/tests/lib"
# shellcheck disable=SC2086 # one word a file; none has spaces
prove --harness Summary --timer --jobs "${JOBS:-2}" --rules 'seq=tests/{patches,packages,vm,slow}/*.t' \
	--rules 'par=**' $files
