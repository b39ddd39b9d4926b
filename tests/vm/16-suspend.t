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
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" TIMEOUT=160 <<'EOF2'
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

# A requester is killed. Its helper goes on, and the kernel counts that as running no more; another
# asks for the same.
cat >/tmp/modprobe <<'EOF3'
#!/bin/sh
[ "$3" != mt_asked ] || sleep 4
EOF3
chmod 755 /tmp/modprobe
modprobe_path=$(cat /proc/sys/kernel/modprobe)
echo /tmp/modprobe >/proc/sys/kernel/modprobe
trace_start
start first insmod "$hold" request=mt_asked
first=$pid
until_true 10 pidof modprobe
kill -KILL $first
until_true 10 gone $first
start second insmod "$hold2" request=mt_asked
until_true 10 asked_for mt_asked 2
sleep 0.3
echo freezer >/sys/power/pm_test
{ echo freeze >/sys/power/state; } 2>$here/error && result killed.entered yes
result killed.error "$(cat $here/error)"
echo none >/sys/power/pm_test
until_true 20 answered mt_hold2
wait
result killed.ret "$(cat $params/request_ret) $(cat $params2/request_ret)"
echo "$modprobe_path" >/proc/sys/kernel/modprobe
rm $here/*
rmmod mt_hold
rmmod mt_hold2

# The share of the host knows nothing of suspending: it goes and comes.
umount /out
share=$(ls -d /sys/bus/virtio/drivers/9pnet_virtio/virtio* | sed 's,.*/,,')
echo "$share" >/sys/bus/virtio/drivers/9pnet_virtio/unbind
gather
before=$(successes)
# The console does not survive that on every kernel.
{
# QEMU's clock wakes nobody from the idle loop itself, so the kernel turns back in front of it.
echo platform >/sys/power/pm_test
{ echo freeze >/sys/power/state; } 2>$here/error && result idle.entered yes
result idle.error "$(cat $here/error)"
result idle.successes "$(($(successes) - before))"
echo none >/sys/power/pm_test
scatter idle
} >/tmp/idle
echo "$share" >/sys/bus/virtio/drivers/9pnet_virtio/bind
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 out /out
cp /tmp/idle /out/
exit 0
EOF2
	cat "$out/idle" >>"$out/output.log"
}

suspended "$series"
scenarios_ok "suspending $series with loads in flight"
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

is 'a requester is killed: the machine suspends' "$(value killed.entered) $(value killed.error)" \
	'yes '
is 'a requester is killed: the other has what the helper says' "$(value killed.ret)" '-512 0'

suspended "$series-stock"
is 'a helper runs: stock says the same' "$(value helper.error)" "$helper_error"
is 'a helper runs: with the same results' "$(value helper.results)" ret_0=4
is 'a requester is killed: so does stock' \
	"$(value killed.entered) $(value killed.error) $(value killed.ret)" 'yes  -512 0'
diag "stock with waiters: freezer '$(value freezer.error)', idle '$(value idle.error)'"
done_testing
