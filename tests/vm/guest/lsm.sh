# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Every kind of attempt before whatever may refuse it or wants to know of it. A case leaves
# CASE.out, what the callers were told, and CASE.log, what audit, the security modules and IMA
# say of it, without what differs from run to run.
# shellcheck disable=SC2154
. /extra/lib.sh

m=/m
measurements=/sys/kernel/security/ima/ascii_runtime_measurements
mount -t securityfs securityfs /sys/kernel/security
mount -t selinuxfs selinuxfs /sys/fs/selinux
# Every record is to be seen, and none on the console.
echo 0 >/proc/sys/kernel/printk_ratelimit
# A place of one name on every kernel, on the filesystem that LoadPin will hold for the root.
mkdir $m /tmp/other
cp "$hold" "$hold2" "$dep_a" "$dep_b" $m/
file=$m/mt_hold.ko

begin()
{
	# As end(), for what was before.
	sleep 0.4
	dmesg -c >/dev/null
	measured=$(wc -l <$measurements)
}

# end NAME: who waits for a load in flight is no later than stock's loser, but in another order.
end()
{
	# kauditd writes when it comes to it.
	sleep 0.4
	dmesg -c | sed -E '/type=[0-9]+|LoadPin:|Lockdown:|Loading of/!d
		s/^\[[^]]*\] //; s/audit\([^)]*\)/audit()/
		s/ (pid|ppid|ino|a[0-3]|ses|tty|items)=[^ ]*//g; s/ cmdline=.*//
		/type=1327/d' >/tmp/log
	sed "1,${measured}d" $measurements | sed -E 's/.* ([^ ]+)$/measured \1/' >>/tmp/log
	LC_ALL=C sort /tmp/log >"/out/$1.log"
}

# of NAME COMMAND...: a case
of()
{
	_of=$1
	shift
	begin
	"$@" >"/out/$_of.out" 2>&1
	end "$_of"
}

call()
{
	/extra/probe call "$@" | sed -n 's/^result=//p'
}

several()
{
	storm -k "$@" | grep -E '^(ok|E[A-Z0-9]*|killed)=[1-9]'
}

bad_domain()
{
	sh -c 'printf all_u:all_r:bad_t >/proc/self/attr/current && exec "$@"' - "$@"
}

# beside NAME COMMAND...: a case while another is in the init of the same file.
beside()
{
	_beside=$1
	shift
	storm -k -n 1 -p hold=1 $file >/dev/null &
	until_true 10 in_init mt_hold
	begin
	# What waits is released; what is refused is so at once.
	"$@" >"/out/$_beside.out" 2>&1 &
	_caller=$!
	_tries=0
	while kill -0 $_caller 2>/dev/null && [ $_tries -lt 20 ]; do
		sleep 0.05
		_tries=$((_tries + 1))
	done
	release mt_hold
	wait
	end "$_beside"
	rmmod mt_hold
}

# spun NAME AT FILE WRAPPER...: a case in which the first stops at a function before or while its
# file is read, two more come, and the first goes on. WRAPPER is for the first alone.
spun()
{
	_spun=$1 _at=$2 _file=$3
	shift 3
	cp /extra/probe /tmp/first
	insmod $m/mt_spin.ko at="$_at" comm=first
	begin
	"$@" /tmp/first call "$_file" >/tmp/first.out 2>&1 &
	until_true 10 grep -q '[1-9]' /sys/module/mt_spin/parameters/holder
	storm -k -n 2 "$_file" >/tmp/second.out 2>&1 &
	_second=$!
	[ ! -e $policies/merge_file ] || until_true 10 blocked_below $_second 2
	[ -e $policies/merge_file ] || sleep 1
	release mt_spin
	wait
	{
		sed -n 's/^result=/first /p' /tmp/first.out
		grep -E '^(ok|E[A-Z0-9]*)=[1-9]' /tmp/second.out
	} >"/out/$_spun.out"
	end "$_spun"
	rmmod mt_spin
	rmmod mt_hold 2>/dev/null
}
cp "${hold%/*}/mt_spin.ko" $m/

# Before anybody cares; not a file of just now, of which there would be no record.
sleep 0.1
insmod $m/mt_hold2.ko
/extra/audit || result audit failed

# Audit alone.
of load call $file
of live_finit call $file
of live_init call -i $file
of live_copy call $m/mt_hold.ko
rmmod mt_hold
of load_init call -i $file
rmmod mt_hold
of several several -n 4 -p hold=1 -r $params/release $file
rmmod mt_hold
of several_init several -n 4 -i -p hold=1 -r $params/release $file
rmmod mt_hold
of several_fail several -n 4 -p 'hold=1 fail=19' -r $params/release $file
of autoload modprobe mt_hold
rmmod mt_hold

# MODULE_SIG_FORCE.
cp $file $m/unsigned.ko
printf x >>$m/unsigned.ko
of unsigned call $m/unsigned.ko
of unsigned_init call -i $m/unsigned.ko
insmod $file
of unsigned_live call $m/unsigned.ko
of unsigned_live_init call -i $m/unsigned.ko
rmmod mt_hold
# Concurrently: this is a failure of the file, so it is shared.
spun unsigned_several security_kernel_post_read_file $m/unsigned.ko env

# LoadPin: / is what modules come from.
cp $file /tmp/other/
echo 1 >/proc/sys/kernel/loadpin/enforce
of pin call $file
of pin_live call $file
of pin_live_other call /tmp/other/mt_hold.ko
of pin_live_init call -i $file
rmmod mt_hold
of pin_other call /tmp/other/mt_hold.ko
of pin_other_init call -i $file
beside pin_beside_other call /tmp/other/mt_hold.ko
beside pin_beside_init call -i $file
echo 0 >/proc/sys/kernel/loadpin/enforce
insmod /tmp/other/mt_hold.ko
echo 1 >/proc/sys/kernel/loadpin/enforce
of pin_enforced_live call /tmp/other/mt_hold.ko
echo 0 >/proc/sys/kernel/loadpin/enforce
of pin_ignored_live call /tmp/other/mt_hold.ko
rmmod mt_hold

# SELinux: a domain that may not load modules.
dd if=/extra/policy.bin of=/sys/fs/selinux/load bs=64k 2>/dev/null || result policy failed
echo 1 >/sys/fs/selinux/enforce
result enforcing "$(cat /sys/fs/selinux/enforce)"
of domain_good call $file
of domain_live bad_domain /extra/probe call $file
of domain_live_init bad_domain /extra/probe call -i $file
rmmod mt_hold
of domain bad_domain /extra/probe call $file
of domain_init bad_domain /extra/probe call -i $file
beside domain_beside bad_domain /extra/probe call $file
beside domain_beside_init bad_domain /extra/probe call -i $file
beside domain_beside_good call $file
# The first is in flight when it is refused: those who wait for it are no worse for it.
spun domain_winner selinux_kernel_read_file $file bad_domain

# IMA: what was loaded before its policy, then what is new to it.
echo 'measure func=MODULE_CHECK' >/sys/kernel/security/ima/policy
of measure_before call $m/mt_hold2.ko
of measure call $file
of measure_live call $file
cp $file $m/copy.ko
of measure_live_copy call $m/copy.ko
rmmod mt_hold
of measure_again call $file
rmmod mt_hold
# Under its own name: what a file of another name came to tells those who wait nothing.
mkdir $m/another $m/failing
cp $file $m/another/
of measure_several several -n 4 -p hold=1 -r $params/release $m/another/mt_hold.ko
rmmod mt_hold
cp $file $m/failing/
of measure_fail several -n 4 -p 'hold=1 fail=19' -r $params/release $m/failing/mt_hold.ko
of measure_init call -i $file
rmmod mt_hold
beside measure_beside_copy call $m/copy.ko
cp $m/unsigned.ko $m/unsigned2.ko
of measure_unsigned call $m/unsigned2.ko

# IMA appraisal, by hash.
hash_of()
{
	echo "0404$(sha256sum "$1" | cut -d' ' -f1)"
}
for one in $m/*.ko; do
	/extra/xattr "$one" security.ima "$(hash_of "$one")" || result xattr failed
done
cp $file $m/wrong.ko
/extra/xattr $m/wrong.ko security.ima "$(hash_of $m/mt_dep_a.ko)"
cp $file $m/nothing.ko
echo 'appraise func=MODULE_CHECK' >/sys/kernel/security/ima/policy
# Not written to within the last ticks, or there would be no record to compare with.
sleep 1
of appraise call $file
of appraise_live call $file
of appraise_live_wrong call $m/wrong.ko
of appraise_live_nothing call $m/nothing.ko
# It was good when it was loaded.
/extra/xattr $file security.ima "$(hash_of $m/mt_dep_a.ko)"
of appraise_live_turned call $file
/extra/xattr $file security.ima "$(hash_of $file)"
rmmod mt_hold
of appraise_wrong call $m/wrong.ko
of appraise_nothing call $m/nothing.ko
of appraise_init call -i $m/wrong.ko
rmmod mt_hold
of appraise_several several -n 4 -p hold=1 -r $params/release $file
rmmod mt_hold
beside appraise_beside_wrong call $m/wrong.ko
# A failure of the file, but one that is its reader's own.
spun appraise_several_wrong security_kernel_post_read_file $m/wrong.ko env

# Lockdown, which can't be taken back.
echo integrity >/sys/kernel/security/lockdown
of lockdown call $file
of lockdown_live call $file
rmmod mt_hold
of lockdown_unsigned call $m/unsigned.ko
result left "$(grep -c '^mt_hold ' /proc/modules) $(in_flight 2>/dev/null)"
exit 0
