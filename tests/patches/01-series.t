#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each series: its files are in order, each patch goes on the pristine source with git am, and
# checkpatch --strict says nothing that accepted-checkpatch doesn't give a reason for. make test has
# no time for a third kernel, so 6.12 has its turn in tests/slow/01-series.t.
set -u
. "$(dirname -- "$0")/../tap.sh"

accepted=$top/tests/patches/accepted-checkpatch

# The findings of checkpatch for a patch that no line of accepted-checkpatch names.
unaccepted()
{
	(cd "$pristine" && perl scripts/checkpatch.pl --strict --no-tree --root=. --terse \
		--show-types "$1" 2>&1) | grep -E ': (ERROR|WARNING|CHECK):' |
	while read -r finding; do
		type=$(printf '%s\n' "$finding" | sed 's/.*: \(ERROR\|WARNING\|CHECK\):\([A-Z_0-9]*\):.*/\2/')
		grep -v '^#' "$accepted" | while read -r known part _; do
			[ "$known" != "$type" ] || case $1 in *"$part"*) echo known ;; esac
		done | grep -q known || printf '%s\n' "$finding"
	done
}

# What tells that a patch was made in another way, or by hand.
made_by()
{
	[ "$(head -n 1 "$1")" = "From $(printf %040d 0) Mon Sep 17 00:00:00 2001" ] ||
		echo 'no zero commit'
	grep -q '^Subject: \[PATCH\] ' "$1" || echo 'a number in the subject, or no subject'
	! tail -n 3 "$1" | grep -qx -- '-- ' || echo 'a signature'
	sed '/^---$/,$d' "$1" | grep -q '^Signed-off-by: ' || echo 'not signed off'
	[ "$(sed '1,/^$/d; /^---$/,$d; /^[A-Z][a-z-]*-by: /d; /^$/d' "$1" | wc -l)" -ge 2 ] ||
		echo 'no message to speak of'
}

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@localhost
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@localhost

for base in ${SERIES:-v6.1 v7.3}; do
	dir=$top/kernel-patches/$base
	series=$dir/series
	package=$(sed -n 's/^package: *//p' "$dir/base")
	"$top/lab/kernel.sh" "$base" >/dev/null 2>&1 || :
	pristine=$(find "$top/build/source/" -maxdepth 1 -name "${package}_*" | head -n 1)
	if [ -z "$pristine" ]; then
		report 1 "$base: the source of $package is unpacked"
		continue
	fi
	names=$(sed '/^#/d; /^$/d' "$series")
	is "$base: series names every patch there is, in order" \
		"$names" "$(cd "$dir" && find . -name '*.patch' ! -name '0000-cover-letter.patch' -printf '%P\n' | sort)"
	[ ! -e "$dir/cover.txt" ] || {
		is "$base: the cover letter has the text" \
			"$(sed '1,/^Subject/d; /^modtrace developers (/,$d' "$dir/0000-cover-letter.patch")" \
			"$(sed 1d "$dir/cover.txt")"
		is "$base: and each subject" \
			"$(sed -n '/^modtrace developers (/,/^$/s/^  //p' "$dir/0000-cover-letter.patch")" \
			"$(for patch in $names; do
				sed -n '/^Subject:/,/^$/p' "$dir/$patch" | tr -d '\n' |
					sed 's/^Subject: \[PATCH\] //'
				echo
			done)"
	}

	# Events and statistics alone are the baseline that the gates are measured against.
	is "$base: the groups of the series" \
		"$(sed -n 's/^# *\([a-z]*\).*/\1/p' "$series" | grep -v refactoring | uniq | paste -sd ' ')" \
		'events statistics gates debugging selftests documentation'
	is "$base: no gate is in front of the gates" \
		"$(sed '/^# *gates/,$d; /^#/d' "$series" | sed "s,^,$dir/," |
			xargs grep -lE '^\+\+\+ b/kernel/module/(merge|flight|live|autoload)\.c')" ''

	# A tree of the files the patches touch is as good as the whole for git am.
	tree=$tmp/$base
	mkdir "$tree"
	for patch in $names; do
		sed -n 's,^diff --git a/\([^ ]*\) b/\([^ ]*\)$,\1\n\2,p' "$dir/$patch"
	done | sort -u | while read -r file; do
		[ ! -e "$pristine/$file" ] || (cd "$pristine" && cp --parents "$file" "$tree")
	done
	git -C "$tree" init -q
	git -C "$tree" add .
	git -C "$tree" commit -qm pristine

	for patch in $names; do
		ok "$base: git am $patch" \
			git -C "$tree" am -q --whitespace=error "$dir/$patch" >&2
		is "$base: format-patch --zero-commit -N --no-signature made $patch" \
			"$(made_by "$dir/$patch")" ''
		is "$base: checkpatch $patch" "$(unaccepted "$dir/$patch")" ''
		like "$base: subject of $patch" "$(sed -n 's/^Subject: \(\[[^]]*\] \)*//p' "$dir/$patch")" \
			'^(module|lib|selftests|Documentation|docs|kmod)[^:]*: [A-Z]'
	done
done

done_testing
