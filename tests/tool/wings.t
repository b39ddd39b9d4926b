#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The wings of tools/modtrace have an order, and no include goes up in it, nor across recorder,
# source and model, which don't know each other.
set -u
. "$(dirname -- "$0")/../tap.sh"

cd "$top/tools/modtrace" || exit 1

# wrong FILE...: the includes that go where they must not
# shellcheck disable=SC2016 # awk's
wrong()
{
	awk '
		function wing_of(path) { sub("^\\./", "", path); return path ~ "/" ? substr(path, 1, index(path, "/") - 1) : "." }
		BEGIN {
			n = split("lib 0 formats 1 recorder 2 source 2 model 2 views 3 screens 4 . 5", word)
			for (i = 1; i < n; i += 2)
				floor[word[i]] = word[i + 1]
		}
		/^#include "/ {
			from = wing_of(FILENAME)
			split($0, part, "\"")
			to = wing_of(part[2])
			if (!(from in floor) || !(to in floor) || floor[to] > floor[from] ||
			    (floor[to] == floor[from] && to != from))
				print FILENAME " includes " part[2]
		}' "$@"
}

is 'no include goes up or across' "$(wrong ./*.[ch] ./*/*.[ch])" ''
is 'no wing has wings' "$(find . -mindepth 2 -type d)" ''
is "the Makefile's wings are those there are" \
	"$(sed -n 's/^WINGS := //p' Makefile | tr ' ' '\n' | sort | xargs)" \
	"$(find . -mindepth 1 -maxdepth 1 -type d | sed 's/^\.\///' | sort | xargs)"
is 'headers are named from the top' "$(grep -h '^#include "' */*.[ch] | grep -v / | sort -u)" ''
is 'all that is included is there' "$(
	sed -n 's/^#include "\(.*\)"/\1/p' ./*.[ch] */*.[ch] | sort -u |
	while read -r header; do [ -e "$header" ] || echo "$header"; done)" ''
is 'a unit test has the name of what it tests' "$(
	for test in "$top"/tests/unit/*.c; do
		name=$(basename "$test" .c)
		find . -path "./*/$name.[ch]" | grep -q . || echo "$name"
	done)" ''
is 'no name is in two wings' "$(find . -path './*/*.c' -exec basename {} \; | sort | uniq -d)" ''

# The test itself: an include turned round is seen, up as well as across.
mkdir -p "$tmp/lib" "$tmp/model" "$tmp/recorder"
cd "$tmp" || exit 1
echo '#include "model/model.h"' >lib/up.c
echo '#include "model/model.h"' >recorder/across.c
echo '#include "commands.h"' >model/top.c
echo '#include "lib/util.h"' >model/down.c
is 'an include that goes up or across is seen' "$(wrong */*.c)" \
	'lib/up.c includes model/model.h
model/top.c includes commands.h
recorder/across.c includes model/model.h'
done_testing
