#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 5,000 recordings with one lie each, half of them of trace.dat, through every output, under
# sanitizers. MUTANTS= is another number, SEED= another series; liar --save writes a single one.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"
. "$top/tests/tool/lies.sh"

build_tests
cd "$tmp" || exit 1
half=$(((${MUTANTS:-5000} + 1) / 2))
lies $(((half + 8) / 9)) $(((half + 4) / 5)) 'trace-cmd-*.dat'
diag "$told in all"
done_testing
