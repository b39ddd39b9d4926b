# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For tests of the tool: its build with sanitizers, and the generator. Source it after tap.sh.

tests_build=$top/build/tests
# shellcheck disable=SC2034
modtrace=$top/build/modtrace-san/modtrace
# shellcheck disable=SC2034
genperf=$tests_build/genperf
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=99
export UBSAN_OPTIONS=print_stacktrace=1:exitcode=99

# Several test files may come here at the same time.
build_tests()
{
	for lib in libtraceevent libtracefs libtracecmd libzstd libprotobuf-c; do
		pkg-config --exists $lib 2>/dev/null || skip_all "$lib is not installed"
	done
	[ -e /usr/include/cmocka.h ] || skip_all "cmocka is not installed"
	mkdir -p "$top/build"
	if ! (
		flock 9
		unset MAKEFLAGS MAKELEVEL
		make -s -j2 -C "$top/tools/modtrace" SAN=1 9>&- &&
			make -s -j2 -C "$top/tests/tool" 9>&-
	) 9>"$top/build/tests.lock" >"$tmp/build.log" 2>&1; then
		diag "$(cat "$tmp/build.log")"
		echo 'Bail out! the tests do not build'
		exit 1
	fi
}
