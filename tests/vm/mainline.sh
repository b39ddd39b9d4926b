# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Storms as modtrace reports them, the same on kernels of any age; on top of kernel.sh. Source it.

. "$(dirname -- "$0")/../vm/kernel.sh"

# Each kernel as it comes.
policy=

# whole SERIES TEST: it runs to its end on that series, and nothing in it fails.
whole()
{
	SERIES=$1 "$top/tests/vm/$2.t" >"$tmp/tap" 2>"$tmp/said" || :
	is "$1: $2: nothing fails" "$(grep '^not ok' "$tmp/tap")" ''
	like "$1: $2: it has come to its end" "$(tail -n 1 "$tmp/tap")" '^1\.\.[1-9]'
	diag "$(cat "$tmp/said")"
}

needs jq

storms()
{
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" TIMEOUT=180 APPEND=module_blacklist=mt_dep_b <<'EOG'
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
cp "$dep_b" /tmp/mt_dep_b.ko
head -c 40000000 /dev/zero >>/tmp/mt_dep_b.ko
recorded refused storm -k -n 8 /tmp/mt_dep_b.ko
recorded restarted storm -k -r $params/release -n 4 -p hold=2 -K STOP:winner "$hold"
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

# compare KERNEL HELD LIVE INIT FAILS ASKS: what the callers were told, and the story; each a pattern.
compare()
{
	storms "$1"
	for storm in held live init fails; do
		like "$1: $storm" "$(value $storm.told)$(story $storm)" "^$2\$"
		kernel=$1
		shift 2
		set -- "$kernel" "$@"
	done
	is "$1: asks" "$(value asks.told)$(requests)" "$2"
}

# readers NAME: how many attempts read the file.
readers()
{
	"$top/build/modtrace/modtrace" report -i "$out/$1.data" --attempts --format=jsonl |
		jq -s '[.[] | select(.read_bytes > 0)] | length'
}

# shellcheck disable=SC2034 # for those who source this
exist4='EEXIST=1 EEXIST=1 EEXIST=1 EEXIST=1'
