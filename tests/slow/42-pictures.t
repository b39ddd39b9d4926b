#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Pictures as headless Chromium lays them out: bars are where the JSON says, nothing runs, and there are
# screenshots in light, dark and print to look at, in build/pictures/.
set -u
. "$(dirname -- "$0")/../tap.sh"

needs chromium python3
modtrace=$top/build/modtrace/modtrace
out=$top/build/pictures
mkdir -p "$out"
cd "$tmp" || exit 1
for name in boot-stock boot-patched boot-rules; do
	for format in svg json jsonl; do
		"$modtrace" report -i "$top/tests/data/$name.data" --format=$format >"$name.$format"
	done
	ok "$name: the browser opens it" sh -c \
		"timeout 300 python3 '$top/tests/tool/chromium.py' '$name.svg' '$out/$name' >'$name.dom'"
	is "$name: bars are where the JSON says" "$(python3 "$top/tests/tool/pictures.py" "$name.svg" \
		"$name.json" "$name.jsonl" "$name.dom" 2>&1)" ''
done
done_testing
