#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make install-udev and uninstall-udev, and modtrace-udev on a system below a folder. What the rules
# do is seen in a guest (tests/vm/50-udev.t).
set -u
. "$(dirname -- "$0")/../tap.sh"

dest=$tmp/dest
mkdir "$dest"
# run TARGET...: the top Makefile's, into $dest. The parent's make has no say.
run()
{
	(cd "$top" && env -u MAKEFLAGS -u MAKELEVEL make -s "$@" DESTDIR="$dest" prefix=/usr) \
			>"$tmp/log" 2>&1 || {
		diag "$(cat "$tmp/log")"
		return 1
	}
}

files()
{
	(cd "$dest" && find . ! -type d -printf '%m %P\n' | sort -k 2)
}

# udev STATUS OUTPUT ARGUMENT...: modtrace-udev below $dest
udev()
{
	wanted=$1 output=$2
	shift 2
	got=$("$dest/usr/sbin/modtrace-udev" "$@" --root="$dest" 2>&1)
	is "$*: exit" $? "$wanted"
	like "$*: says so" "$got" "$output"
}

ok 'install-udev' run install-udev
installed='755 usr/lib/dracut/modules.d/91modtrace-udev/module-setup.sh
755 usr/sbin/modtrace-udev
755 usr/share/initramfs-tools/hooks/modtrace-udev
644 usr/share/modtrace/80-cpu-modalias.rules'
is 'install-udev: what there is, and nothing that is on' "$(files)" "$installed"
is 'no name of a folder is left to be filled in' "$(grep -rl '@[a-z]*dir@' "$dest")" ''
for script in usr/sbin/modtrace-udev usr/share/initramfs-tools/hooks/modtrace-udev \
		usr/lib/dracut/modules.d/91modtrace-udev/module-setup.sh; do
	ok "$script: its shell can read it" "$(sed -n '1s/^#!//p' "$dest/$script")" -n "$dest/$script"
done
is 'the hook comes after that of udev' \
	"$("$dest/usr/share/initramfs-tools/hooks/modtrace-udev" prereqs)" udev
ok 'the rules come before those that load' test \
	"$(printf '%s\n' 80-drivers.rules 80-cpu-modalias.rules | LC_ALL=C sort | head -n 1)" = 80-cpu-modalias.rules
is 'the rules: two, whose modaliases are named' \
	"$(grep -c 'ENV{MODALIAS}=="[^"]*", ENV{MODALIAS}=""$' "$top/contrib/udev/80-cpu-modalias.rules")" 2

link=$dest/etc/udev/rules.d/80-cpu-modalias.rules
udev 1 '^disabled$' status
udev 0 'already disabled' disable
udev 0 'enabled: ' enable
is 'enable: one link, and nothing else' "$(files | grep -vxF "$installed")" \
	'777 etc/udev/rules.d/80-cpu-modalias.rules'
is 'enable: to the rules' "$(readlink "$link")" /usr/share/modtrace/80-cpu-modalias.rules
udev 0 '^enabled$' status
udev 0 'already enabled' enable
is 'enable, twice: one link' "$(files | grep -c etc/)" 1
udev 0 'disabled: ' disable
is 'disable: takes it back' "$(files)" "$installed"

echo '# mine' >"$link"
udev 1 'is not the link' status
udev 1 'remove it first' enable
udev 1 'remove it first' disable
is 'the file of somebody else stays' "$(cat "$link")" '# mine'
ok 'uninstall-udev refuses, too' sh -c "! make -s -C '$top' uninstall-udev DESTDIR='$dest' prefix=/usr >/dev/null 2>&1"
rm "$link"

mv "$dest/usr/share/modtrace/80-cpu-modalias.rules" "$tmp/"
udev 1 'is missing' enable
mv "$tmp/80-cpu-modalias.rules" "$dest/usr/share/modtrace/"
is 'enable without rules: no link' "$(files)" "$installed"

udev 1 "unknown command 'enabel'" enabel
udev 1 "unknown option '--now'" enable --now
udev 1 'one command only' enable disable
is 'nothing to do is an error, with the help' "$("$dest/usr/sbin/modtrace-udev" 2>&1; echo $?)" \
	"$("$dest/usr/sbin/modtrace-udev" --help; echo 1)"

# All or nothing: tools that fail stand for those that make the initramfs. / is the folder here.
if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
	# in_root STATUS OF THE TOOL, ARGUMENT...: modtrace-udev with / made of $dest's etc and usr/share
	in_root()
	{
		mkdir -p "$tmp/bin"
		printf '#!/bin/sh\necho "remade with $(ls /etc/udev/rules.d | wc -w)"\nexit %d\n' "$1" >"$tmp/bin/update-initramfs"
		chmod 755 "$tmp/bin/update-initramfs"
		shift
		# shellcheck disable=SC2016 # the inner shell's
		unshare -m sh -c 'mount --bind "$1/etc" /etc && mount --bind "$1/usr/share" /usr/share &&
			PATH=$2:$PATH && shift 2 && "$@"' sh "$dest" "$tmp/bin" \
			"$dest/usr/sbin/modtrace-udev" "$@" 2>&1
		echo "exit $?"
	}
	is 'an initramfs that fails: not enabled' "$(in_root 1 enable)" \
		'remade with 1
modtrace-udev: the initramfs could not be rebuilt; the rules are not enabled
exit 1'
	is 'and no link' "$(files)" "$installed"
	like 'one that does not: enabled' "$(in_root 0 enable)" 'enabled: '
	is 'an initramfs that fails: not disabled' "$(in_root 1 disable)" \
		'remade with 0
modtrace-udev: the initramfs could not be rebuilt; the rules stay enabled
exit 1'
	is 'and the link' "$(readlink "$link")" /usr/share/modtrace/80-cpu-modalias.rules
	like '--no-initramfs: not remade' "$(in_root 1 disable --no-initramfs)" '^modtrace-udev: disabled'
else
	skip 'not root, or no namespaces: the initramfs that fails'
fi

udev 0 'enabled: ' enable
ok 'uninstall-udev' run uninstall-udev
is 'uninstall-udev: nothing is left, nor enabled' "$(files)" ''
done_testing
