#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# duckdb.sh: installs DuckDB for the tests of contrib/fleet, below build/ and from npm's registry: Debian
# has no package of it. Prints the directory of its modules, which tests/fleet/duckdb.mjs wants as
# DUCKDB_MODULES. No script of a package is run.
set -eu
. "$(dirname -- "$0")/common.sh"

version=1.5.6-r.1
dir=$build/duckdb/$version

command -v node >/dev/null || die "node is not installed"
command -v npm >/dev/null || die "npm is not installed"
mkdir -p "$dir"
exec 9>"$dir/lock"
flock 9
if [ ! -e "$dir/stamp" ]; then
	(cd "$dir" && echo '{ "private": true }' >package.json &&
		npm install --ignore-scripts --no-audit --no-fund --no-package-lock --save-exact \
			"@duckdb/node-api@$version" </dev/null >log 2>&1 9>&-) ||
		die "DuckDB $version can't be installed, see $dir/log"
	touch "$dir/stamp"
fi
echo "$dir/node_modules"
