#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# npm.sh duckdb|clickhouse|viewers: installs what tests need of npm's registry, as Debian has no packages of
# it, below build/. Prints the directory of the modules. No script of a package is run.
#
#	duckdb		for contrib/fleet; tests/fleet/ask.mjs wants the directory as ENGINE_MODULES
#	clickhouse	ClickHouse as a library, 550 MB; likewise
#	viewers		of traces, for report --format=chrome. profiler-cli asks for Node.js 24; what the test
#			uses of it runs from 18 on
set -eu
. "$(dirname -- "$0")/common.sh"

case ${1-} in
duckdb)
	packages='@duckdb/node-api@1.5.6-r.1' ;;
clickhouse)
	packages='chdb@3.4.0' ;;
viewers)
	packages='@firefox-devtools/profiler-cli@0.10.0 speedscope@1.25.0' ;;
*)
	die "what is to be installed, duckdb, clickhouse or viewers?" ;;
esac
dir=$build/npm/$1

command -v node >/dev/null || die "node is not installed"
command -v npm >/dev/null || die "npm is not installed"
mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9
if [ "$(cat "$dir/stamp" 2>/dev/null)" != "$packages" ]; then
	# shellcheck disable=SC2086 # words
	(cd "$dir" && rm -rf node_modules && echo '{ "private": true }' >package.json &&
		npm install --ignore-scripts --no-audit --no-fund --no-package-lock --save-exact $packages \
			</dev/null >log 2>&1 9>&-) ||
		die "$packages can't be installed, see $dir/log"
	echo "$packages" >"$dir/stamp"
fi
echo "$dir/node_modules"
