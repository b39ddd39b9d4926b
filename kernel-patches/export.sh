#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Writes a series anew from the git tree in which it is developed:
#
#	kernel-patches/export.sh TREE BASE..BRANCH v6.1
#
# BASE is the commit that holds the pristine source. A cover.txt beside `series`, a subject and what
# follows it, becomes the cover letter. Who is to have it: scripts/get_maintainer.pl *.patch in a
# whole tree. The group comments of `series` stay in
# front of the patch of the same subject; a new patch joins the group before it.
set -eu

[ $# -eq 3 ] || { sed -n '3,10s/^# \{0,1\}//p' "$0" >&2; exit 1; }
tree=$1 range=$2
out=$(cd "$(dirname -- "$0")" && pwd)/$3
[ -d "$out" ] || { echo "export: no folder $out" >&2; exit 1; }

old=$(cat "$out/series" 2>/dev/null || :)
rm -f "$out"/*.patch
git -C "$tree" format-patch -q --zero-commit -N --no-signature -o "$out" "$range"

: >"$out/series"
for patch in "$out"/*.patch; do
	name=$(basename "$patch")
	printf '%s\n' "$old" | awk -v slug="${name#*-}" '
		/^#/ { comments = comments $0 "\n"; next }
		{ name = $0; sub(/^[0-9]+-/, "", name) }
		name == slug { printf "%s", comments }
		{ comments = "" }' >>"$out/series"
	echo "$name" >>"$out/series"
done

# What format-patch --cover-letter makes, with the text that it has no option for.
if [ -f "$out/cover.txt" ]; then
	count=$(git -C "$tree" rev-list --count "$range")
	{
		printf 'From %040d Mon Sep 17 00:00:00 2001\n' 0
		git -C "$tree" log -1 --format='From: %an <%ae>%nDate: %aD' "${range#*..}"
		printf 'Subject: [PATCH 00/%s] %s\n' "$count" "$(head -n 1 "$out/cover.txt")"
		sed 1d "$out/cover.txt"
		echo
		git -C "$tree" shortlog -w72,2,4 "$range"
		git -C "$tree" diff --stat --summary "${range%%..*}" "${range#*..}"
	} >"$out/0000-cover-letter.patch"
fi

# A group whose first patch has another subject now has lost its comment.
printf '%s\n' "$old" | grep '^#' | while read -r group; do
	grep -qxF "$group" "$out/series" ||
		echo "export: $out/series lost the line \"$group\"; put it back" >&2
done
