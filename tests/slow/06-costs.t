#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Recordings below 1 MB, each with as much as it can hold of one thing (tests/tool/hostile.py --list): no output
# of any takes more than 1 s of CPU time or 100 MB. KINDS="KIND..." takes some of them.
set -u
. "$(dirname -- "$0")/../tap.sh"

command -v zstd >/dev/null || skip_all 'zstd is not installed'
modtrace=$top/build/modtrace/modtrace
"$top/lab/tools.sh"
cd "$tmp" || exit 1
for kind in ${KINDS:-$(python3 "$top/tests/tool/hostile.py" --list)}; do
	python3 "$top/tests/tool/hostile.py" "$kind" "$kind"
	ok "$kind: below 1 MB" test "$(stat -c %s "$kind")" -le 1010000
	python3 "$top/tests/tool/costs.py" "$modtrace" "$kind" >out
	is "$kind: no output takes more" $? 0
	diag "$(cat out)"
	rm -f "$kind"
done
done_testing
