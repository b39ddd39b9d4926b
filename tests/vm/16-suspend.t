#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Waiting for a load is no reason not to suspend, and suspending is none for a load to fail. Where
# the stock kernel doesn't suspend, for a helper of the kernel's runs, the series doesn't either.
set -u
. "$(dirname -- "$0")/kernel.sh"
helper probe

# suspended KERNEL: waiters of each gate, frozen, then a suspend to idle of all devices as well.
suspended()
{
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" TIMEOUT=100 <<'EOF2'
. /extra/lib.sh
modprobe test_kmod
here=/tmp/here
mkdir $here
start()
{
	_start=$1
	shift
	"$@" >"$here/$_start.out" 2>&1 &
	pid=$!
}
# gather: a winner that can be frozen in its init, two who wait at the file gate, two at the name's.
gather()
{
	start first /extra/probe call -p hold=3 "$hold"
	first=$pid
	until_true 10 in_init mt_hold
	waiters=
	for waiter in file1 file2; do
		start $waiter /extra/probe call "$hold"
		waiters="$waiters $pid"
	done
	for waiter in name1 name2; do
		start $waiter /extra/probe call -i "$hold"
		waiters="$waiters $pid"
	done
	for pid in $waiters; do
		until_true 10 blocked $pid
	done
}
# scatter NAME: they still wait, and then go on.
scatter()
{
	in_init mt_hold && for pid in $waiters; do
		until_true 10 blocked $pid
	done && result $1.early yes
	release mt_hold
	wait
	result $1.results "$(cat $here/first.out $here/file?.out $here/name?.out |
		sed -n 's/^result=//p' | tr '\n' ' ')"
	rm $here/*
	rmmod mt_hold
}
successes()
{
	cat /sys/power/suspend_stats/success
}

# All that can be frozen is, for five seconds.
gather
echo freezer >/sys/power/pm_test
{ echo freeze >/sys/power/state; } 2>$here/error && result freezer.entered yes
result freezer.error "$(cat $here/error)"
echo none >/sys/power/pm_test
scatter freezer

# A helper runs: whoever suspends is told so, and no request fails over it.
echo 'options mt_hold hold=3' >/etc/modprobe.d/hold.conf
storm autoload -k -n 4 mt_hold >$here/requests.out 2>&1 &
until_true 10 in_init mt_hold
echo freezer >/sys/power/pm_test
{ echo freeze >/sys/power/state; } 2>$here/error && result helper.entered yes
result helper.error "$(sed 's/.*: //' $here/error)"
echo none >/sys/power/pm_test
in_init mt_hold && result helper.early yes
release mt_hold
wait
result helper.results "$(grep '^ret_' $here/requests.out)"
rmmod mt_hold
rm /etc/modprobe.d/hold.conf $here/*

# The share of the host knows nothing of suspending: it goes and comes.
umount /out
share=$(ls -d /sys/bus/virtio/drivers/9pnet_virtio/virtio* | sed 's,.*/,,')
echo "$share" >/sys/bus/virtio/drivers/9pnet_virtio/unbind
gather
before=$(successes)
# QEMU's clock wakes nobody from the idle loop itself, so the kernel turns back in front of it.
echo platform >/sys/power/pm_test
{ echo freeze >/sys/power/state; } 2>$here/error && result idle.entered yes
result idle.error "$(cat $here/error)"
result idle.successes "$(($(successes) - before))"
echo none >/sys/power/pm_test
scatter idle
echo "$share" >/sys/bus/virtio/drivers/9pnet_virtio/bind
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 out /out
exit 0
EOF2
}

suspended v6.1
scenarios_ok 'suspending v6.1 with loads in flight'
for how in freezer idle; do
	is "$how: the machine suspends" "$(value $how.entered) $(value $how.error)" 'yes '
	is "$how: the waiters wait when it is back" "$(value $how.early)" yes
	is "$how: none of them fails" "$(value $how.results)" 'ok EEXIST EEXIST EEXIST EEXIST '
done
is 'idle: the kernel counts a success' "$(value idle.successes)" 1
helper_error=$(value helper.error)
is 'a helper runs: no suspend' "$(value helper.entered)" ''
is 'a helper runs: it still does' "$(value helper.early)" yes
is 'a helper runs: none of four requests fails' "$(value helper.results)" ret_0=4

suspended v6.1-stock
is 'a helper runs: stock says the same' "$(value helper.error)" "$helper_error"
is 'a helper runs: with the same results' "$(value helper.results)" ret_0=4
diag "stock with waiters: freezer '$(value freezer.error)', idle '$(value idle.error)'"
done_testing
