#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The tool builds without a warning with the compilers and libraries of Debian 13 and of the release after it, its
# tests pass there as far as they need no more than a library, and make deb makes packages in both that lintian
# has nothing to say about. SUITES=trixie takes one of them.
set -u
. "$(dirname -- "$0")/../tap.sh"

[ "$(id -u)" -eq 0 ] || skip_all "not root: nothing can be chrooted into"
needs mmdebstrap

packages="build-essential pkg-config libtraceevent-dev libtracefs-dev libtracecmd-dev libncurses-dev
	libzstd-dev libsystemd-dev libprotobuf-c-dev protobuf-c-compiler protobuf-compiler debhelper dpkg-dev python3-docutils
	lintian libcmocka-dev"

# in_tree COMMAND: in the tree, at the top of the source
in_tree()
{
	unshare --mount --pid --fork --mount-proc="$tree/proc" \
		chroot "$tree" sh -c "cd /src && unset MAKEFLAGS MAKELEVEL && $1"
}

for suite in ${SUITES:-trixie forky}; do
	compilers='gcc-16 clang'
	[ $suite = forky ] || compilers='gcc-12 gcc-14 clang'
	# shellcheck disable=SC2086 # words
	tree=$("$top/lab/debian-tree.sh" $suite $packages $compilers 2>"$tmp/log") || {
		skip "$suite: $(tail -n 1 "$tmp/log")"
		continue
	}
	rm -rf "$tree/src"
	mkdir "$tree/src"
	(cd "$top" && tar cf - Makefile COPYING tools contrib docs/man tests/unit tests/tool lab/deb.sh \
		lab/common.sh) | tar xf - -C "$tree/src"
	versions=$(in_tree 'for lib in traceevent tracefs tracecmd; do
		pkg-config --modversion lib$lib; done' | tr '\n' ' ')
	for compiler in $compilers; do
		in_tree "make -s -j2 -C tools/modtrace CC=$compiler O=/tmp/$compiler" >"$tmp/log" 2>&1
		is "$suite: $compiler, libtraceevent, libtracefs, libtracecmd $versions: builds" $? 0
		is "$suite: $compiler: without a warning" "$(cat "$tmp/log")" ''
		in_tree "make -s -j2 -C tools/modtrace CC=$compiler O=/tmp/$compiler-O0 CFLAGS=-O0" \
			>"$tmp/log" 2>&1
		is "$suite: $compiler: -O0: builds without a warning" "$? $(cat "$tmp/log")" '0 '
		rm -rf "$tree/tmp/$compiler-O0"
	done
	# What the tool makes of recordings doesn't depend on the libraries.
	mkdir "$tree/src/data"
	cp -r "$top"/tests/data/*.da* "$tree/src/data/"
	for file in "$tree"/src/data/*; do
		name=$(basename "$file")
		"$top/build/modtrace/modtrace" report -i "$top/tests/data/$name" --format=json >"$tmp/want" 2>&1
		in_tree "/tmp/${compilers%% *}/modtrace report -i data/$name --format=json" >"$tmp/got" 2>&1
		ok "$suite: $name: the same report" diff "$tmp/want" "$tmp/got"
	done
	in_tree 'lab/deb.sh' >"$tmp/debs" 2>"$tmp/log"
	is "$suite: packages" "$? $(sed 's,.*/,,; s,_.*,,' "$tmp/debs" | grep -v dbgsym | LC_ALL=C sort |
		tr '\n' ' ')" '0 modtrace modtrace-boot modtrace-udev '
	[ -s "$tmp/debs" ] || diag "$(tail -n 20 "$tmp/log")"
	is "$suite: lintian" "$(in_tree 'lintian --allow-root --fail-on error,warning build/deb/*.changes 2>&1
		echo $?')" 0
	rm -rf "$tree/src" "$tree"/tmp/*
done
done_testing
