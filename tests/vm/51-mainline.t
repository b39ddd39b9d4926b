#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The same storms on 6.1 and 7.3, stock and with their series, as modtrace reports them. What
# differs is in the table below, and why:
#
# held	eight finit_module() of one file while its init is held. From 6.5 on stock merges them, and
#	7.3 with its series returns 0 where 6.1 returns -EEXIST.
# live	four more, one after another, when the module is live. The series answer before the read;
#	stock reads four files for nothing.
# init	eight init_module() at once. The series merge by name what was copied; no stock kernel does.
# fails	eight of a file whose init fails: the winner's error is shared (7.3) or told as busy (6.1).
# asks	eight requests for one name. The series start one modprobe; stock starts eight.
set -u
. "$(dirname -- "$0")/kernel.sh"

command -v jq >/dev/null || skip_all 'jq is not installed'

storms()
{
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" TIMEOUT=180 <<'EOG'
. /extra/lib.sh
echo 0 >$tracing/events/enable
# recorded NAME COMMAND...: what its callers were told is in NAME.told.
recorded()
{
	_name=$1
	shift
	modtrace record -o "/out/$_name.data" -- "$@" >/tmp/keys
	result "$_name.status" $?
	result "$_name.told" "$(grep -E '^(ok|E[A-Z0-9]+|ret_[0-9]+)=[1-9]' /tmp/keys | sort | tr '\n' ' ')"
}
recorded held storm -k -r $params/release -n 8 -p hold=1 "$hold"
recorded live sh -c 'for i in 1 2 3 4; do storm -k -n 1 "$1"; done' - "$hold"
rmmod mt_hold
recorded init storm -k -r $params/release -n 8 -i -p hold=1 "$hold"
rmmod mt_hold
recorded fails storm -k -r $params/release -n 8 -p 'hold=1 fail=19' "$hold"
echo "install mt_hold sleep 1; insmod $hold 2>/dev/null; true" >/etc/modprobe.d/slow.conf
recorded asks storm autoload -k -n 8 mt_hold
result size "$(wc -c <"$hold")"
rmmod mt_hold
exit 0
EOG
	scenarios_ok "$1: the storms went through"
}

json()
{
	"$top/build/modtrace/modtrace" report -i "$out/$1.data" --format=json 2>&1 | jq -r "$2" 2>&1
}

# story NAME: attempts, loaded, merged, exists, busy, failed; how many files duplicates read, and
# whether they were laid out.
story()
{
	json "$1" '.totals | "\(.attempts) \(.loaded) \(.merged) \(.exists) \(.busy) \(.failed) " +
		"\(.wasted.read / '"$(value size)"') \(.wasted.layout > 0)"'
}

requests()
{
	json asks '[.autoloads[] | select(.name == "mt_hold") | "\(.requests) \(.dups)"] | join(" ")'
}

# compare KERNEL HELD LIVE INIT FAILS ASKS: what the callers were told, and the story.
compare()
{
	storms "$1"
	for storm in held live init fails; do
		is "$1: $storm" "$(value $storm.told)$(story $storm)" "$2"
		kernel=$1
		shift 2
		set -- "$kernel" "$@"
	done
	is "$1: asks" "$(value asks.told)$(requests)" "$2"
}

exist4='EEXIST=1 EEXIST=1 EEXIST=1 EEXIST=1'
compare v7.3 'ok=8 8 1 7 0 0 0 0 false' "$exist4 4 0 4 0 0 0 0 false" \
	'EEXIST=7 ok=1 8 1 7 0 0 0 7 false' 'ENODEV=8 8 0 7 0 0 1 0 false' 'ret_0=8 8 7'
compare v6.1 'EEXIST=7 ok=1 8 1 7 0 0 0 0 false' "$exist4 4 0 4 0 0 0 0 false" \
	'EEXIST=7 ok=1 8 1 7 0 0 0 7 false' 'EBUSY=7 ENODEV=1 8 0 7 0 0 1 0 false' 'ret_0=8 8 7'
compare v7.3-stock 'ok=8 8 1 7 0 0 0 0 false' "$exist4 4 0 0 4 0 0 4 false" \
	'EEXIST=7 ok=1 8 1 0 7 0 0 7 true' 'ENODEV=8 8 0 7 0 0 1 0 false' 'ret_0=8 8 0'
compare v6.1-stock 'EEXIST=7 ok=1 8 1 0 7 0 0 7 true' "$exist4 4 0 0 4 0 0 4 true" \
	'EEXIST=7 ok=1 8 1 0 7 0 0 7 true' 'EBUSY=7 ENODEV=1 8 0 0 0 7 1 7 true' 'ret_0=8 8 0'

done_testing
