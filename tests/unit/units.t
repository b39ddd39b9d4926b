#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The C unit tests, all of them under ASan and UBSan, as one stream of TAP.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
for source in "$top"/tests/unit/*.c; do
	name=$(basename "$source" .c)
	CMOCKA_MESSAGE_OUTPUT=TAP "$tests_build/$name" >"$tmp/tap" 2>"$tmp/log"
	status=$?
	is "$name: ends well" "$status" 0
	[ "$status" -eq 0 ] || diag "$(tail -n 30 "$tmp/log")"
	while read -r line; do
		case $line in
		'ok '*) report 0 "$name: ${line##* - }" ;;
		'not ok '*) report 1 "$name: ${line##* - }" ;;
		'#'*) printf '%s\n' "$line" >&2 ;;
		esac
	done <"$tmp/tap"
done
done_testing
