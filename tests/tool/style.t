#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The style of what is in git: shell, blanks, spelling, C, and what a change adds to C. What is no
# word is in words.txt if it is meant.
set -u
. "$(dirname -- "$0")/../tap.sh"

cd "$top" || exit 1
git rev-parse --is-inside-work-tree >/dev/null 2>&1 || skip_all 'this is no work tree of git'

# with TOOL DESCRIPTION COMMAND...: nothing is printed
with()
{
	local tool=$1 description=$2
	shift 2
	if command -v "$tool" >/dev/null; then
		is "$description" "$("$@" 2>&1 | head -n 40)" ''
	else
		skip "$tool is not installed"
	fi
}

mapfile -t files < <(git ls-files | grep -v '^kernel-patches/' | while read -r f; do
	[ ! -f "$f" ] || echo "$f"; done)
mapfile -t texts < <(printf '%s\n' "${files[@]}" |
	grep -vE '^tests/(data|golden|fuzz/corpus)/|\.(svg|screen)$|^COPYING$')
mapfile -t scripts < <(grep -lE -m1 '^#!.*\b(sh|bash|dash)$' "${texts[@]}")

with shellcheck 'shell: shellcheck -S warning' shellcheck -S warning "${scripts[@]}"

blanks()
{
	git diff --check "$(git hash-object -t tree /dev/null)" -- "${texts[@]}" |
		grep -vE '^[+-]|leftover conflict marker'
}
with git 'no blank at the end of a line or a file' blanks
ends()
{
	local file
	for file in "${texts[@]}"; do
		[ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || echo "$file: no newline at its end"
	done
}
with tail 'every file ends its last line' ends
with codespell 'spelling' codespell -I tests/tool/words.txt "${texts[@]}"

# Checks that are wrong about cleanup attributes and statement expressions are left out.
check_c()
{
	cppcheck --quiet --std=c11 --enable=portability,warning --inline-suppr -D__linux__ -j2 \
		--template='{file}:{line}: {message} [{id}]' --suppress=missingIncludeSystem \
		--suppress=internalAstError --suppress=memleak --suppress=uninitvar \
		-Itools/modtrace tools/modtrace
}
with cppcheck 'C: cppcheck' check_c

# The lines changed since the branch left origin/main; on main itself since the last tag; without either
# in the last commit. Lines older than the last change of .clang-format are exempt. What isn't
# committed yet is checked in any case; after a merge and in a shallow clone, only that.
since()
{
	local base style
	base=$(git merge-base HEAD origin/main 2>/dev/null)
	[ -n "$base" ] && [ "$base" != "$head" ] ||
		base=$(git rev-parse -q --verify "$(git describe --tags --abbrev=0 2>/dev/null)^{commit}")
	if [ -z "$base" ] || [ "$base" = "$head" ]; then
		base=$head
		git rev-parse -q --verify HEAD^2 >/dev/null ||
			base=$(git rev-parse -q --verify HEAD^1 || echo "$head")
	fi
	style=$(git log -1 --format=%H -- .clang-format)
	if [ -n "$style" ] && git merge-base --is-ancestor "$base" "$style"; then
		base=$style
	fi
	echo "$base"
}
head=$(git rev-parse HEAD)
format()
{
	git diff -U0 -M --no-color "$(since)" -- '*.[ch]' ':!kernel-patches' |
		clang-format-diff -p1 -style=file
}
with clang-format-diff 'C: clang-format, on lines that a change touches' format

# shellcheck disable=SC2016 # awk's
is 'C: no file of the tool has more than 900 lines' "$(wc -l tools/modtrace/*.c tools/modtrace/*/*.c |
	awk '$1 > 900 && $2 != "total"')" ''
is 'C: no variable of the tool outlives a call' "$(grep -nE '^	*static ([a-z_]+ )+\**[a-z_]+(\[.*\])?( =.*)?;?$' \
	tools/modtrace/*.c tools/modtrace/*/*.c | grep -vE 'static (const|inline)|\*const|const \*const')" ''

version=$(sed -n 's/^VERSION := //p' tools/modtrace/Makefile)
like 'version: NEWS begins with it' "$(grep -m1 '^## ' NEWS.md)" "^## $version( |\$)"
like "version: and so does Debian's changelog" "$(head -n 1 contrib/debian/changelog)" \
	"^modtrace \\($version\\) "
done_testing
