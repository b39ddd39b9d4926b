#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What 02-each.t doesn't build: the other arms of the options, after each patch where they are
# those of the series, and for 32 bits; with gcc's W=1 and sparse saying nothing that they don't
# say of the pristine source. Only what the series can break is compiled: kernel/module/, and
# without modules those who call it.
set -u
. "$(dirname -- "$0")/../tap.sh"

# The source as it is after so many patches: upto COUNT.
upto()
{
	stage=$work/stage
	rm -rf "$stage"
	mkdir -p "$stage"
	while read -r file; do
		[ ! -e "$pristine/$file" ] || (cd "$pristine" && cp --parents "$file" "$stage")
	done <"$work/touched"
	for patch in $(printf '%s\n' "$names" | head -n "$1"); do
		(cd "$stage" && GIT_CEILING_DIRECTORIES=$work git apply "$dir/$patch") || return 1
	done
	while read -r file; do
		if [ ! -e "$stage/$file" ]; then
			rm -f "$src/$file"
		elif ! cmp -s "$stage/$file" "$src/$file"; then
			# Never into the file itself: it may be a link to the pristine one.
			rm -f "$src/$file"
			mkdir -p "$src/$(dirname "$file")"
			cp "$stage/$file" "$src/$file"
		fi
	done <"$work/touched"
}

kernel_make()
{
	env -u MAKEFLAGS -u MAKELEVEL -u O -u V CCACHE_DEPEND=1 PATH="/usr/bin:/bin:/usr/sbin" \
		nice make -C "$src" O="$objects" CC='ccache gcc' HOSTCC='ccache gcc' \
		-j"$(nproc)" "$@" </dev/null
}

# configure [-e|-d OPTION]...: the lab's configuration and these.
configure()
{
	mkdir -p "$objects"
	cp "$top/kernel-patches/configs/$base.config" "$work/config"
	[ $# -eq 0 ] || "$src/scripts/config" --file "$work/config" "$@"
	cp "$work/config" "$objects/.config"
	kernel_make ARCH="$arch" olddefconfig >"$work/log" 2>&1
}

# complaints COMMAND...: what it has to warn of, and that it failed.
complaints()
{
	if ! "$@" >"$work/log" 2>&1; then
		echo "failed:"
		grep -E 'error:|\*\*\*|undefined' "$work/log" | head -n 5
	fi
	grep -E '(warning|error): ' "$work/log"
}

# build ARGUMENT...: of make; complaints without the places, which patches move.
findings()
{
	complaints kernel_make ARCH="$arch" "$@" |
		sed -E 's,^.*/(kernel/|include/),\1,; s,^kernel/kmod\.c,kernel/module/kmod.c,
			s/:[0-9]+:[0-9]+:/:/' | LC_ALL=C sort -u
}

arch=x86_64
for series in "$top"/kernel-patches/*/series; do
	dir=$(dirname "$series")
	base=$(basename "$dir")
	[ "${SERIES:-$base}" = "$base" ] || continue
	names=$(sed '/^#/d; /^$/d' "$series")
	count=$(printf '%s\n' "$names" | wc -l)
	# Unpacks the source.
	"$top/lab/kernel.sh" "$base" >/dev/null 2>&1 || :
	package=$(sed -n 's/^package: *//p' "$dir/base")
	pristine=$(find "$top/build/source/" -maxdepth 1 -name "${package}_*" | head -n 1)
	if [ -z "$pristine" ]; then
		report 1 "$base: the source of $package is unpacked"
		continue
	fi

	work=$top/build/arms/$base
	src=$work/src objects=$work/objects
	mkdir -p "$work"
	exec 9>"$work/lock"
	flock 9
	if [ "$(cat "$work/of" 2>/dev/null)" != "$pristine" ]; then
		rm -rf "$src" "$work"/objects*
		cp -al "$pristine" "$src"
		echo "$pristine" >"$work/of"
	fi
	for patch in $names; do
		sed -n 's,^diff --git a/\([^ ]*\) b/\([^ ]*\)$,\1\n\2,p' "$dir/$patch"
	done | cat - "$work/touched" 2>/dev/null | sort -u >"$work/touched.new"
	mv "$work/touched.new" "$work/touched"

	# What is said of the pristine source.
	upto 0
	configure
	module_parts='kernel/module/'
	[ ! -e "$pristine/kernel/kmod.c" ] || module_parts="$module_parts kernel/kmod.o"
	# shellcheck disable=SC2086 # words
	findings W=1 $module_parts >"$work/stock.w1"
	# shellcheck disable=SC2086
	findings C=2 $module_parts >"$work/stock.sparse"

	# Each patch with everything off that can be, and on what the lab has off.
	number=0
	for patch in $names; do
		number=$((number + 1))
		upto $number
		configure -d MODULE_MERGE -d MODULE_STATS -d MODULE_DEBUG -d MODULE_UNLOAD \
			-e MODULE_DECOMPRESS -d MODULE_COMPRESS_NONE -e MODULE_COMPRESS_XZ
		is "$base: MODULE_MERGE=n UNLOAD=n DECOMPRESS=y with $patch" \
			"$(findings kernel/module/)" ''
	done
	# And without modules.
	number=0
	for patch in $names; do
		number=$((number + 1))
		upto $number
		configure -d MODULES
		is "$base: MODULES=n with $patch" "$(findings kernel/params.o kernel/umh.o \
			kernel/ksysfs.o kernel/extable.o kernel/trace/trace_events.o init/main.o)" ''
	done

	# The whole series: each option alone, and some that go together.
	upto "$count"
	while read -r arm; do
		# shellcheck disable=SC2086
		configure $arm
		is "$base: $arm" "$(findings kernel/module/)" ''
		for option in $arm; do
			case $option in
			-e|-d) how=$option; continue ;;
			esac
			# An arm that olddefconfig doesn't grant tests nothing.
			set_to=n
			! grep -q "^CONFIG_$option=y" "$objects/.config" || set_to=y
			[ "$how $set_to" = '-e y' ] || [ "$how $set_to" = '-d n' ] ||
				report 1 "$base: $how $option can be had"
		done
	done <<'EOF2'
-d MODULE_MERGE
-d MODULE_MERGE -e MODULE_DEBUG -e MODULE_STATS
-e MODULE_DEBUG -d MODULE_STATS
-e MODULE_DEBUG -e MODULE_STATS -e MODULE_DEBUG_AUTOLOAD_DUPS
-e MODULE_DEBUG -e MODULE_DEBUG_AUTOLOAD_DUPS -e MODULE_DEBUG_AUTOLOAD_DUPS_TRACE
-d MODULE_UNLOAD
-e MODULE_UNLOAD_TAINT_TRACKING -e MODULE_DEBUG -e MODULE_STATS
-d DEBUG_FS
-e MODULE_DECOMPRESS -d MODULE_COMPRESS_NONE -e MODULE_COMPRESS_XZ
-e MODULE_SIG -e AUDIT
-d SYSFS -e EXPERT
-e EXPERT -d FTRACE -d KPROBES -d KALLSYMS
-e PROVE_LOCKING -e DEBUG_ATOMIC_SLEEP -e DEBUG_KERNEL
EOF2
	configure -e MODULE_DEBUG -e MODULE_STATS -e MODULE_DEBUG_AUTOLOAD_DUPS
	is "$base: W=1 says nothing new" \
		"$(findings W=1 kernel/module/ | LC_ALL=C comm -23 - "$work/stock.w1")" ''
	is "$base: sparse says nothing new" \
		"$(findings C=2 kernel/module/ | LC_ALL=C comm -23 - "$work/stock.sparse")" ''

	# Divisions of 64 bits want a function there that the kernel doesn't have.
	arch=i386 objects=$work/objects-i386
	configure -e MODULE_DEBUG -e MODULE_STATS -e MODULE_DEBUG_AUTOLOAD_DUPS
	is "$base: i386" "$(findings kernel/module/)" ''
	is "$base: i386 needs no 64 bit division" \
		"$(nm -u "$objects"/kernel/module/*.o | grep -E '__u?(div|mod)di3')" ''
	arch=x86_64
done

done_testing
