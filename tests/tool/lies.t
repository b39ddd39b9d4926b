#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Sound recordings with one lie each: a size, a count, an offset, an id, a format, a page's header.
# tests/slow/06-mutants.t tells more of them.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/tool/lies.sh"

build_tests
cd "$tmp" || exit 1
lies 10 30 'trace-cmd-3.1-v*.dat'
ok "$told lies" test "$told" -ge 180
done_testing
