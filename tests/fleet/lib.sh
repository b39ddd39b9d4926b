# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For tests of contrib/fleet. Source it after tap.sh and the tool's lib.sh.

fleet=$top/contrib/fleet

# Of Debian, whose modules are Debian's.
python=/usr/bin/python3

need_duckdb()
{
	DUCKDB_MODULES=$("$top/lab/npm.sh" duckdb 2>"$tmp/duckdb.log") || skip_all "$(tail -n 1 "$tmp/duckdb.log")"
	export DUCKDB_MODULES
}

# ask DIRECTORY FILE...: answers of contrib/fleet/duckdb/ on the lines below DIRECTORY
ask()
{
	lines=$1
	shift
	(cd "$fleet/duckdb" && node "$top/tests/fleet/duckdb.mjs" "attempts=$lines/attempts-*.jsonl" \
		"boots=$lines/boots-*.jsonl" before_kernel=6.1.0-40-amd64 after_kernel=6.1.0-41-amd64 "$@")
}

# field FILE NAME: of the answers on standard input, a field of a file's
field()
{
	jq -c --arg file "$1" "select(.file == \$file) | $2"
}
