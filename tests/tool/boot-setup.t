#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modtrace-boot enable and disable on a system that is made of folders, with GRUB, with grubby and without
# either, whose tools fail at each step: all is done, or every file is what it was.
set -u
. "$(dirname -- "$0")/../tap.sh"

[ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null || skip_all 'not root, or no namespaces'

bin=$tmp/bin root=$tmp/root
mkdir "$bin"
(cd "$top" && env -u MAKEFLAGS -u MAKELEVEL make -s install-boot DESTDIR="$tmp/dest" prefix=/usr bindir="$bin") \
		>"$tmp/log" 2>&1 || {
	diag "$(cat "$tmp/log")"
	echo 'Bail out! modtrace-boot is not installed'
	exit 1
}

# tool NAME: does what stdin says, and fails after that if it is $failing: with files half written, as on
# a full disk
tool()
{
	{
		printf '#!/bin/bash\necho "%s $*" >>"$calls"\n' "$1"
		cat
		printf 'case " $failing " in *" %s "*) exit 3 ;; esac\n' "$1"
	} >"$bin/$1"
	chmod 755 "$bin/$1"
}
tool modtrace <<'EOF'
# Two sets of parameters, of which each has one that the other lacks.
case $* in
*--stock*) echo 'kprobe_event="p:modtrace/open,path=+0(%si):ustring;p:modtrace/b,c" trace_event=a:b,c:d trace_buf_size=8K' ;;
*) echo 'trace_event=module:x,y:z trace_clock=mono trace_buf_size=4K' ;;
esac
EOF
tool systemctl <<'EOF'
wants=/etc/systemd/system/sysinit.target.wants
case $* in
*enable*modtrace-boot.service) mkdir -p $wants; ln -sf /lib/systemd/system/modtrace-boot.service $wants/ ;;
*disable*modtrace-boot.service) rm -f $wants/modtrace-boot.service; rmdir --ignore-fail-on-non-empty $wants ;;
esac
EOF
sed -i 's/\*enable\*modt/"-q enable "modt/; s/\*disable\*modt/"-q disable "modt/' "$bin/systemctl"
# What is in an image: the recorder, if the unit is enabled when it is made.
images='with=$(ls /etc/systemd/system/sysinit.target.wants 2>/dev/null)'
tool update-initramfs <<EOF
$images
image=/boot/initrd.img-6.1.0
echo half >\$image.new
case " \$failing " in
*" update-initramfs "*) echo damaged >\$image; chmod 600 \$image; rm -f /var/lib/initramfs-tools/6.1.0 ;;
*) echo "image \$with" >\$image.new; mv \$image.new \$image; sha1sum \$image >/var/lib/initramfs-tools/6.1.0 ;;
esac
EOF
tool dracut <<EOF
$images
echo "image \$with" >/boot/initramfs-6.1.0.img
case " \$failing " in
*" dracut "*) rm /boot/initramfs-6.1.0.img ;;
esac
EOF
tool update-grub <<'EOF'
GRUB_CMDLINE_LINUX=quiet
for file in /etc/default/grub.d/*.cfg; do
	[ ! -e $file ] || . $file
done
echo "linux $GRUB_CMDLINE_LINUX" >/boot/grub/grub.cfg.new
case " $failing " in
*" update-grub "*) : >/boot/grub/grub.cfg ;;
*)
	[ "$failing" != signal ] || kill $PPID
	cat /boot/grub/grub.cfg.new >/boot/grub/grub.cfg
	rm /boot/grub/grub.cfg.new ;;
esac
EOF
# Its entries are changed one by one; parameters of the same name are replaced, and blanks are squeezed.
tool grubby <<'EOF'
for option; do
	case $option in
	--args=*) add=${option#*=} ;;
	--remove-args=*) remove=${option#*=} ;;
	esac
done
for entry in /boot/loader/entries/*.conf; do
	new=
	for arg in $(sed -n 's/^options //p' $entry); do
		keep=yes
		for gone in $remove; do
			case $arg in "$gone"|"$gone="*) keep= ;; esac
		done
		for other in $add; do
			[ "${arg%%=*}" != "${other%%=*}" ] || keep=
		done
		[ -z "$keep" ] || new="$new $arg"
	done
	sed -i "s|^options .*|options$new${add:+ $add}|" $entry
	case " $failing " in
	*" grubby "*) break ;;
	esac
done
EOF

# system LOADER TOOL: a new one, with the boot loader's and the initramfs's tools
system()
{
	rm -rf "$root" "$tmp/tools"
	mkdir -p "$root/etc/systemd/system" "$root/boot" "$root/var/tmp" "$root/var/lib/modtrace" "$tmp/tools"
	ln -s "$bin/modtrace" "$bin/systemctl" "$tmp/dest/usr/sbin/modtrace-boot" "$tmp/tools/"
	echo 'other image' >"$root/boot/initrd.img-5.10"
	for each in $2; do
		ln -s "$bin/$each" "$tmp/tools/"
		case $each in
		update-initramfs)
			mkdir "$root/var/lib/initramfs-tools"
			echo 'image ' >"$root/boot/initrd.img-6.1.0"
			(cd "$root" && sha1sum boot/initrd.img-6.1.0 | sed 's,boot,/boot,') >"$root/var/lib/initramfs-tools/6.1.0" ;;
		dracut)	echo 'image ' >"$root/boot/initramfs-6.1.0.img" ;;
		esac
	done
	case $1 in
	grub)
		ln -s "$bin/update-grub" "$tmp/tools/"
		mkdir -p "$root/etc/default/grub.d" "$root/boot/grub"
		echo 'linux quiet' >"$root/boot/grub/grub.cfg"
		chmod 600 "$root/boot/grub/grub.cfg" ;;
	grubby)
		ln -s "$bin/grubby" "$tmp/tools/"
		mkdir -p "$root/boot/loader/entries"
		printf 'title A\noptions root=x  ro trace_buf_size=1M quiet\n' >"$root/boot/loader/entries/a.conf"
		printf 'title B\noptions root=y ro\n' >"$root/boot/loader/entries/b.conf"
		chmod 600 "$root/boot/loader/entries/b.conf" ;;
	esac
	failing='' room=''
}

# Every file with its mode, its owner and its content
state()
{
	(cd "$root" && find . ! -type d ! -path "./var/tmp/*" -printf '%p %M %u %l\n' | LC_ALL=C sort &&
		find . -type f -exec cksum {} + | LC_ALL=C sort -k 3)
}

# boot ARGUMENT...: modtrace-boot on this system; its output in $said, and its status
boot()
{
	rm -f "$tmp/calls"
	# shellcheck disable=SC2016 # the inner shell's
	said=$(calls=$tmp/calls failing=$failing room=$room unshare -m sh -c '
		for folder in etc boot var; do
			mount --bind "$1/$folder" /$folder || exit 9
		done
		[ -z "$room" ] || mount -t tmpfs -o size="$room" tmpfs /var/tmp || exit 9
		PATH=$2:/usr/bin:/bin
		export calls failing
		shift 2
		exec modtrace-boot "$@"' sh "$root" "$tmp/tools" "$@" 2>&1 </dev/null)
}

# boots ARGUMENT...: and is content
boots()
{
	boot "$@"
	is "$system: $*: exit" "$?" 0
	is "$system: $*: no copy is left" "$(ls -A "$root/var/tmp")" ''
}

# fails TOOL ARGUMENT...: nothing is changed if that tool fails, and a line says so
fails()
{
	failing=$1
	shift
	before=$(state)
	boot "$@"
	is "$system: $*, $failing fails: exit" "$?" 1
	is "$system: $*, $failing fails: every file is as it was" "$(state)" "$before"
	is "$system: $*, $failing fails: which a line says" "$(printf '%s\n' "$said" | grep ': everything')" \
		"modtrace-boot: $failing failed: everything is as it was before"
	is "$system: $*, $failing fails: no copy is left" "$(ls -A "$root/var/tmp")" ''
	failing=
}

# LOADER COMMAND THAT SETS IT, OR - ; INITRAMFS TOOL
while read -r loader setter maker; do
	system=$loader
	system "$loader" "$maker"
	was=$(state)
	steps="systemctl $maker ${setter#-}"
	for step in $steps; do
		fails "$step" enable --svg
	done
	boots enable --stock --metrics
	like "$system: the image has the recorder" "$(cat "$root"/boot/init*6.1.0*)" 'modtrace-boot'
	for step in $steps; do
		fails "$step" enable
		fails "$step" disable
	done
	boots enable --svg
	boots disable
	is "$system: enabled twice, and disabled: every file is as it was" "$(state)" "$was"
done <<'EOF'
grub update-grub update-initramfs
grubby grubby dracut
none - update-initramfs
EOF

# In one more detail: what is asked for, and what comes into the files
drop_ins=$root/etc/systemd/system/modtrace-boot.service.d
cfg=$root/etc/default/grub.d/modtrace.cfg
line='GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX trace_event=module:x,y:z trace_clock=mono trace_buf_size=4K"'
system=grub
system grub update-initramfs
boots enable --cpus=4
ok 'nothing follows the recorder' test ! -e "$drop_ins"
is 'modtrace.cfg has the parameters' "$(grep -v '^#' "$cfg")" "$line"
is 'GRUB has them' "$(cat "$root/boot/grub/grub.cfg")" \
	'linux quiet trace_event=module:x,y:z trace_clock=mono trace_buf_size=4K'
boots enable --metrics --stock
is 'metrics are asked for' "$(cat "$drop_ins/metrics.conf")" "[Unit]
OnSuccess=modtrace-boot-metrics.service"
like 'systemd is told' "$(cat "$tmp/calls")" '^systemctl daemon-reload$'
like 'and the recorder only what is for it' "$(cat "$tmp/calls")" '^modtrace record --boot-cmdline --stock$'
is 'the parameters are replaced' "$(grep -c . "$cfg")" 2
boots enable --svg --cpus=2
is 'a picture is asked for, and no metrics' "$(cd "$drop_ins" && grep -r OnSuccess)" \
	'picture.conf:OnSuccess=modtrace-boot-picture.service'
boots enable --metrics --svg
is 'both are' "$(ls "$drop_ins")" "metrics.conf
picture.conf"

# The file of somebody else, with an end and without
for own in 'GRUB_TIMEOUT=1\nGRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX panic=1"\n' 'GRUB_TIMEOUT=1' ''; do
	system="a modtrace.cfg of '$own'"
	system grub update-initramfs
	# shellcheck disable=SC2059 # it has an end of line
	printf "$own" >"$cfg"
	chmod 640 "$cfg"
	was=$(state)
	boots enable
	boots enable --stock
	like "$system: is kept" "$(cat "$cfg")" "^$(printf '%s' "$own" | sed 's/\\n.*//')\$"
	like "$system: has the parameters" "$(cat "$root/boot/grub/grub.cfg")" ' kprobe_event="[^ ]*;p:modtrace/b,c" trace_event=a'
	fails update-grub disable
	boots disable
	boot enable
	boots disable
	is "$system: is what it was" "$(state | grep modtrace.cfg)" "$(printf '%s\n' "$was" | grep modtrace.cfg)"
done

# An entry made while grubby's were changed, and one that somebody else has changed since
system=grubby
system grubby dracut
boots enable --stock
sed 's/^title.*/title C/' "$root/boot/loader/entries/a.conf" >"$root/boot/loader/entries/c.conf"
sed -i 's/quiet/panic=1/' "$root/boot/loader/entries/a.conf"
like 'a parameter of that name is replaced' "$(cat "$root/boot/loader/entries/a.conf")" ' trace_buf_size=8K$'
boots enable
boots disable
is 'the entries have what they had, and what was changed' "$(grep -rh ^options "$root/boot/loader/entries" | sort)" \
	'options root=x ro panic=1
options root=x ro quiet
options root=y ro'
is 'nothing is remembered' "$(ls -A "$root/var/lib/modtrace")" ''

# An end from outside, no room for the copies, and what is no use
system=none
system grub update-initramfs
was=$(state)
failing=signal
boot enable
is 'a signal: exit' "$?" 1
is 'a signal: every file is as it was' "$(state)" "$was"
failing=
room=4k
boot enable
is 'no room: exit' "$?" 1
like 'no room: a line says so' "$said" '^modtrace-boot: no copy of .* /var/tmp: nothing was changed$'
is 'no room: every file is as it was' "$(state)" "$was"
room=
boot disable elsewhere
is 'disable takes no options' "$? $said" '1 modtrace-boot: disable takes no options'
is 'and has done nothing' "$(state)" "$was"
done_testing
