#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Storms of all kinds while policies change, loaders are killed and modules are removed: no
# task is left behind, nor an entry, nor a count of writers, and every attempt ends that began.
set -u
. "$(dirname -- "$0")/kernel.sh"
helper chaos

seconds=${SECONDS_OF_CHAOS:-20}
seed=${SEED:-$$}
diag "SEED=$seed"
guest KERNEL="$series" CPUS="${CPUS_OF_CHAOS:-4}" EXTRA="$extra" TIMEOUT=$((130 + seconds)) \
	APPEND="module.merge_file=busy module.merge_live=0 module.merge_name=n module.merge_autoload=N" <<EOF2
. /extra/lib.sh
result boot "\$(all_policies)"
default_policies
held before -n 16 -p hold=1
rmmod mt_hold

# An instance for each event only counts it, however many there are.
for event in begin merged exclusive_busy end; do
	mkdir \$tracing/instances/\$event
	echo 1 >\$tracing/instances/\$event/events/module/module_load_\$event/enable
done
mkdir \$tracing/instances/dup
echo 1 >\$tracing/instances/dup/events/module/module_autoload_dup/enable
# Files with names, and one of them a second time.
mkdir /tmp/copy
cp "\$hold" /tmp/copy/
echo 0 >\$tracing/tracing_on
modprobe test_kmod
while [ ! -e /tmp/stop ]; do
	storm autoload -k -n 8 mt_dep_b
done >/out/requests.out 2>&1 &
/extra/chaos $seconds $seed "\$hold" /tmp/copy/mt_hold.ko "\$hold2" "\$dep_b" >/out/chaos.out 2>&1
result chaos \$?
touch /tmp/stop
default_policies
# Whoever is still in a call, should any be.
for syscall in \$(grep -lE '^(313|175) ' /proc/[0-9]*/syscall); do
	task=\${syscall%/syscall}
	echo "left: \$(cat \$task/stat) in \$(cat \$task/wchan)"
done
wait
# Helpers of requests that were made by the killed may still run.
until_true 20 sh -c '! pidof modprobe'
until_true 20 sh -c "! grep -lE '^(313|175) ' /proc/[0-9]*/syscall"
for event in begin merged exclusive_busy end dup; do
	result \$event "\$(cat \$tracing/instances/\$event/per_cpu/cpu*/stats |
		awk '\$1 == "entries:" || \$1 == "overrun:" { n += \$2 } END { print n + 0 }')"
	result \$event.dropped "\$(cat \$tracing/instances/\$event/per_cpu/cpu*/stats |
		awk '/^dropped events:|^commit overrun:/ { n += \$NF } END { print n + 0 }')"
	echo 0 >\$tracing/instances/\$event/events/enable
done
for module in mt_dep_b mt_hold2 mt_hold; do
	rmmod \$module 2>/dev/null
done
result left "\$(grep -c '^mt_' /proc/modules) \$(in_flight)"
for file in "\$hold" "\$hold2" "\$dep_b" /tmp/copy/mt_hold.ko; do
	true >>"\$file" && result "writable.\$(basename "\$file")" yes
done
held after -n 16 -p hold=1
rmmod mt_hold
held after_init -n 8 -i -p hold=1
rmmod mt_hold
policy merge_file busy
for file in "\$hold" "\$hold2" "\$dep_b" /tmp/copy/mt_hold.ko; do
	insmod "\$file" && rmmod "\$(basename "\$file" .ko)"
done && result after_busy yes
policy merge_file wait
traced after_request storm autoload -k -n 4 mt_hold
exit 0
EOF2
scenarios_ok "chaos on $series"
diag "$(cat "$out/chaos.out")"
diag "begun $(value begin), merged $(value merged), refused $(value exclusive_busy)," \
	"duplicate requests $(value dup)"

is 'the policies that the command line sets' "$(value boot)" 'busy N N N '
is 'no task is left' "$(value chaos) $(key chaos stuck)" '0 0'
is 'every result is one that a storm may have' \
	"$(sed -n 's/^\(E[A-Z0-9]*\)=.*/\1/p' "$out/chaos.out" |
		grep -Evx 'EEXIST|EBUSY|ETXTBSY|ENODEV')" ''
is 'requests have the status of a modprobe' \
	"$(sed -n 's/^\(ret_.*\)=.*/\1/p' "$out/requests.out" | sort -u | tr '\n' ' ')" 'ret_0 ret_256 '
for kind in ok EEXIST EBUSY ETXTBSY ENODEV killed removed flips; do
	like "there was $kind" "$(key chaos $kind)" '^[1-9]'
done
for event in merged exclusive_busy dup; do
	like "there was $event" "$(value $event)" '^[1-9]'
done
is 'no event was lost' "$(value begin.dropped) $(value end.dropped)" '0 0'
is 'every attempt that began has ended' "$(value end)" "$(value begin)"
ok 'there were as many as calls at least' \
	test "$(value begin)" -ge "$(($(key chaos attempts) - $(key chaos killed)))"
is 'no module is left, nor anything in flight' "$(value left)" '0 0'
for file in mt_hold mt_hold2 mt_dep_b; do
	is "$file.ko can be written to" "$(value writable.$file.ko)" yes
done
storm_is before 'EEXIST=15 ok=1'
storm_is after 'EEXIST=15 ok=1'
is 'a storm afterwards is merged as the one before' \
	"$(count after 'gate=file ret=-17 .* bytes=0$')" "$(count before 'gate=file ret=-17 .* bytes=0$')"
storm_is after_init 'EEXIST=7 ok=1'
is 'each file can be had exclusively' "$(value after_busy)" yes
is 'requests work' "$(outcome after_request)" ret_0=4

done_testing
