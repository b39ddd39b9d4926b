#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# kernel.sh NAME: builds the lab's kernel NAME, unless what it is made of is what it was made
# of, and prints its folder below build/kernel/, which has bzImage, modules/ and tree/.
# NAME is v6.1, v6.1-stock (no patch), v6.1-base (those before the gates) or v6.1-upto-N (the
# first N; all of these share one folder); likewise v7.3. With a purpose in between, of which
# configs/ has a fragment: v6.1-debug, v6.1-lsm, v6.1-kcsan, and v6.1-lsm-stock and so on.
#
# kernel-patches/SERIES/base names the package that has the source, and the suite of Debian where
# it is, unless this machine's own release has it. That one is not installed, only unpacked.
#
# A tree is never made twice from nothing: its sources are hard links to one unpacked archive,
# its objects are copied from a sibling that is built, and patches only rewrite the files whose
# content they change. make then builds what depends on those. So: nobody edits below tree/ in
# place; work on a kernel in a tree of your own and give make vm its bzImage.
set -eu
. "$(dirname -- "$0")/common.sh"

name=$1
base=${name%%-*}
kind=${name#"$base"}
case $kind in
-debug|-debug-*|-lsm|-lsm-*|-kcsan|-kcsan-*)
	purpose=-$(printf '%s\n' "$kind" | cut -d- -f2)
	kind=${kind#"$purpose"} ;;
*)
	purpose='' ;;
esac
case $kind in
''|-stock|-base) ;;
-upto-[1-9]|-upto-[1-9][0-9]) first=${kind##*-} kind=-upto ;;
*) base='' ;;
esac
patches=$top/kernel-patches/$base
[ -n "$base" ] && [ -f "$patches/base" ] ||
	die "KERNEL=$name is no kernel of the lab (lab/vm.sh --help), nor a path to a bzImage"
configs=$top/kernel-patches/configs
dir=$build/kernel/$base$purpose$kind
tree=$dir/tree
log=$dir/build.log

# The patches of this kernel, in order; the baseline ends where the gates begin.
list_patches()
{
	[ "$kind" != -stock ] || return 0
	[ "$kind" != -base ] || grep -q '^# *gates' "$patches/series" ||
		die "kernel-patches/$base/series does not say where the gates begin; add a line \"# gates\""
	if [ "$kind" = -base ]; then
		sed '/^# *gates/,$d' "$patches/series"
	else
		cat "$patches/series"
	fi | sed 's/#.*//; s/[[:space:]]*$//; /^$/d' |
		if [ "$kind" = -upto ]; then head -n "$first"; else cat; fi
}

from_base()
{
	sed -n "s/^$1:[[:space:]]*//p" "$patches/base"
}

package=$(from_base package)
package=${package:-linux-source-${base#v}}
wanted=$(from_base version)
suite=$(from_base suite)
debs=$build/source-debs

# What the suite has by now, if the version of the series has gone from it.
fetch()
{
	mkdir -p "$debs"
	say "$name: fetching $package from $suite"
	apt=$("$top/lab/debian-apt.sh" "$suite") || exit
	(
		export APT_CONFIG="$apt/apt.conf"
		cd "$debs"
		exec 9>lock
		flock 9
		apt-get -qq download "$package=$wanted" >/dev/null 2>&1 9>&- || {
			rm -f "${package}"_*.deb
			apt-get -qq download "$package" >&2 9>&-
		}
	) || die "$package can't be fetched from $suite"
}

if [ -n "$suite" ]; then
	[ -n "$(find "$debs/" -name "${package}_${wanted}_*.deb" 2>/dev/null)" ] || fetch
	archive=$(find "$debs/" -name "${package}_${wanted}_*.deb")
	[ -n "$archive" ] || archive=$(find "$debs/" -name "${package}_*.deb" | sort -V | tail -n 1)
	[ -n "$archive" ] || die "$package was fetched, and is not in $debs"
	version=${archive##*/"${package}"_}
	version=${version%_*}
else
	version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null) ||
		die "the package $package is not installed; make setup"
	archive=/usr/src/$package.tar.xz
	[ -f "$archive" ] || die "$archive is missing"
fi

series=$(list_patches)
for patch in $series; do
	[ -f "$patches/$patch" ] || die "kernel-patches/$base/$patch is in series and missing"
done

# What a later line says of an option goes.
configuration()
{
	cat "$configs/$base.config"
	[ -z "$purpose" ] || cat "$configs/small.config" "$configs/${purpose#-}.config"
	# The release names the kernel in uname and in every recording.
	suffix=$purpose$kind
	echo "CONFIG_LOCALVERSION=\"${suffix:--modtrace}\""
}

inputs()
{
	printf '%s\n' "$package $version $purpose $kind"
	gcc --version
	configuration
	cat "$top/lab/kernel.sh"
	for patch in $series; do
		cat "$patches/$patch"
	done
}
key=$(inputs | sha256sum)

# Who needs what is built doesn't wait for who builds something else.
is_built()
{
	[ "$(cat "$dir/inputs" 2>/dev/null)" = "$key" ] || return 0
	echo "$dir"
	exit 0
}

mkdir -p "$dir"
is_built
# One build at a time: each takes every core, and siblings copy from one another.
exec 9>"$build/kernel/lock"
if ! flock -n 9; then
	say "waiting for another kernel build"
	flock 9
fi
is_built
rm -f "$dir/inputs"

[ -z "$wanted" ] || [ "$wanted" = "$version" ] ||
	say "the series is made for $package $wanted and $version is installed: trying"

begin=$(cut -d. -f1 /proc/uptime)
took()
{
	echo "$(($(cut -d. -f1 /proc/uptime) - begin)) s"
}

pristine=$build/source/${package}_$version
if [ ! -d "$pristine" ]; then
	say "$name: unpacking $package $version"
	rm -rf "$build/source/${package}"_*
	mkdir -p "$pristine.tmp"
	if [ -n "$suite" ]; then
		dpkg-deb --fsys-tarfile "$archive" | tar -xO "./usr/src/$package.tar.xz"
	else
		cat "$archive"
	fi | tar -C "$pristine.tmp" --strip-components=1 -xJ
	mv "$pristine.tmp" "$pristine"
	# Trees of another version are of no use any more.
	rm -rf "$build/kernel/$base"/tree "$build/kernel/$base"/inputs \
		"$build/kernel/$base"-*/tree "$build/kernel/$base"-*/inputs
fi

# Copies the objects and patched sources of a sibling: what is no link to the archive.
seed_tree()
{
	for sibling in "" -stock -base -upto; do
		sibling=$build/kernel/$base$purpose$sibling
		[ -e "$sibling/inputs" ] || continue
		say "$name: starting from the objects of $(basename "$sibling")"
		(cd "$sibling/tree" && find . \( -type l -o -type f -links 1 \) -print0 |
			cpio -0 -p -d -m -u --quiet "$tree.tmp")
		# objtool's rules name its folder in full; rebuilt, it would have everything rebuilt.
		find "$tree.tmp/tools" -name '.*.cmd' -exec \
			sed -i "s,$sibling/tree/,$tree/,g" {} +
		return
	done
}

if [ ! -d "$tree" ]; then
	rm -rf "$tree.tmp"
	cp -al "$pristine" "$tree.tmp"
	seed_tree
	mv "$tree.tmp" "$tree"
fi

# The files a set of patches touches, under their old and new names.
touched()
{
	for patch in $series; do
		sed -n 's,^diff --git a/\([^ ]*\) b/\([^ ]*\)$,\1\n\2,p' "$patches/$patch"
	done | sort -u
}

# Makes the tree what the archive and the patches give, rewriting what differs only.
sync_tree()
{
	stage=$dir/stage
	rm -rf "$stage"
	mkdir -p "$stage"
	touched >"$dir/touched.new"
	while read -r file; do
		[ -e "$pristine/$file" ] || continue
		mkdir -p "$stage/$(dirname "$file")"
		cp -p "$pristine/$file" "$stage/$file"
	done <"$dir/touched.new"
	for patch in $series; do
		# Without the ceiling git would take the project's own repository for its root.
		(cd "$stage" && GIT_CEILING_DIRECTORIES=$dir \
			git apply --whitespace=nowarn "$patches/$patch") ||
			die "$name: $patch doesn't apply to $package $version"
	done
	# What an earlier set of patches touched, or the sibling's, returns to the archive's.
	touch "$tree/.lab-touched"
	sort -u "$tree/.lab-touched" "$dir/touched.new" |
	while read -r file; do
		wanted_file=$pristine/$file
		grep -Fqx "$file" "$dir/touched.new" && wanted_file=$stage/$file
		if [ ! -e "$wanted_file" ]; then
			rm -f "$tree/$file"
		elif ! cmp -s "$wanted_file" "$tree/$file"; then
			mkdir -p "$tree/$(dirname "$file")"
			# A new inode: the old one may be the archive's.
			rm -f "$tree/$file"
			cp "$wanted_file" "$tree/$file"
		fi
	done
	mv "$dir/touched.new" "$tree/.lab-touched"
	rm -rf "$stage"
}
sync_tree

kernel_make()
{
	# The environment of a calling make, or of a person, is none of this build's business.
	env -u MAKEFLAGS -u MAKELEVEL -u KERNEL -u MODULES -u CPUS -u O -u V \
		CCACHE_DEPEND=1 ARCH=x86_64 LOCALVERSION= \
		KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970' \
		KBUILD_BUILD_USER=lab KBUILD_BUILD_HOST=modtrace \
		nice make -C "$tree" CC='ccache gcc' HOSTCC='ccache gcc' "$@" 9>&-
}

fail()
{
	tail -n 20 "$log" >&2
	die "$name: the build failed, see $log"
}

configuration >"$tree/.config"
kernel_make olddefconfig >"$log" 2>&1 || fail

say "$name: building, log in $log"
while sleep 20 >/dev/null 2>&1; do
	say "$name: $(grep -cE '^  (CC|AS|LD|AR)' "$log") objects, $(took)"
done 9>&- &
progress=$!
trap 'kill $progress' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM
kernel_make -j"$(nproc)" bzImage modules >>"$log" 2>&1 || fail

rm -rf "$dir/modules"
kernel_make INSTALL_MOD_PATH="$dir/modules" modules_install >>"$log" 2>&1 || fail
cp "$tree/arch/x86/boot/bzImage" "$dir/bzImage"
printf '%s\n' "$key" >"$dir/inputs"
say "$name: built in $(took)"
echo "$dir"
