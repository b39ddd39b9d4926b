#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The same records plain, compressed in one piece (COMPRESSED2) and in two (COMPRESSED) are the same.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
cd "$top/tests/fuzz/corpus/perfdata" || exit 1
"$modtrace" report -i patched --format=json >"$tmp/want" 2>&1
like 'there is something to compare' "$(cat "$tmp/want")" '"attempts": 2,'
for file in packed packed2; do
	"$modtrace" report -i $file --format=json >"$tmp/got" 2>&1
	is "$file: the same report" "$(cat "$tmp/got")" "$(cat "$tmp/want")"
done
# 8 MB of zeros in 300 bytes, behind the same records.
"$modtrace" report -i bomb --format=json >"$tmp/got" 2>"$tmp/err"
is 'bomb: what precedes it is reported' $? 0
like 'bomb: and what it is, said' "$(cat "$tmp/err")" 'unpacks to more than 12 times its size'
like 'bomb: truncated' "$(cat "$tmp/got")" '"truncated": true'
like 'bomb: all of that' "$(cat "$tmp/got")" '"attempts": 2,'
done_testing
