#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make demo shows what it promises, in the files it leaves; and perf reads its recordings.
set -u
. "$(dirname -- "$0")/../tap.sh"

demo=$top/build/demo
status=0
"$top/lab/demo.sh" >"$tmp/demo" 2>&1 || status=$?
is 'the demo runs' "$status" 0
[ "$status" -eq 0 ] || diag "$(tail -n 20 "$tmp/demo")"

# key KERNEL STORM KEY: what storm counted.
key()
{
	value=$(sed -n "s/^$3=//p" "$demo/$1/$2.keys")
	echo "${value:-0}"
}

# report STORM EXPRESSION: of the JSON report, r, and its totals, t.
json()
{
	python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))
t = r["totals"]
m = {m["name"]: m for m in r["modules"]}
print(eval(sys.argv[2]))' "$demo/patched/$1.json" "$2" 2>&1
}

for storm in finit:64:file finit-held:64:file init:32:name init-held:32:name; do
	IFS=: read -r name count gate <<-EOF
	$storm
	EOF
	is "$name: one loaded" "$(json "$name" 't["loaded"]')" 1
	is "$name: the others merged" "$(json "$name" 't["merged"]')" $((count - 1))
	is "$name: no other attempt" "$(json "$name" 't["attempts"]')" "$count"
	is "$name: nothing lost" "$(json "$name" 'r["recording"]["lost"]')" 0
	is "$name: storm was told the same" \
		"$(key patched "$name" ok) $(key patched "$name" EEXIST)" "1 $((count - 1))"
	is "$name: as on the stock kernel" \
		"$(key stock "$name" ok) $(key stock "$name" EEXIST)" "1 $((count - 1))"
	size=$(key patched "$name" file_bytes)
	case $name in
	*-held)
		is "$name: none was late" "$(key patched "$name" late)" 0
		is "$name: all by the $gate gate" \
			"$(json "$name" "t['merged_by_gate']['$gate']")" $((count - 1)) ;;
	esac
	case $gate in
	file)
		# A straggler after the load reads the file: it is counted, not hidden.
		late=$(key patched "$name" late)
		is "$name: wasted: what $late late ones read" \
			"$(json "$name" "t['wasted_bytes'] if $late == 0 else 0")" 0
		[ "$late" -gt 0 ] ||
			is "$name: avoided: the file's size for each at least" \
				"$(json "$name" "t['avoided_bytes'] >= 63 * $size")" True ;;
	name)
		is "$name: wasted: what each had copied" \
			"$(json "$name" "t['wasted_bytes']")" $(((count - 1) * size)) ;;
	esac
done

is 'busy: one loaded, the losers had ETXTBSY' \
	"$(key patched busy ok) $(key patched busy ETXTBSY)" '1 63'
is 'busy: and are reported so' "$(json busy 't["loaded"], t["busy"]')" '(1, 63)'
is 'busy: a load after it succeeds' "$(key patched after-busy ok)" 1

is 'autoload: every request succeeds' "$(key patched autoload ret_0)" 32
is 'autoload: one modprobe loads it' "$(json autoload 'm["xfs"]["attempts"]')" 1
is 'autoload: 31 duplicates of 32' \
	"$(json autoload '[(a["name"], a["requests"], a["dups"]) for a in r["autoloads"]]')" \
	"[('xfs', 32, 31)]"
like 'autoload: their call site is named' "$(json autoload 'r["autoloads"][0]["call_site"]')" \
	'^run_request\+0x'

# What perf counts, event by event, against what the report counted.
for name in finit init busy autoload; do
	perf=$(perf script -i "$demo/patched/$name.data" -F event 2>/dev/null |
		tr -d ' :' | sort | uniq -c | awk '{ print $2, $1 }')
	ours=$("$top/build/modtrace/modtrace" report -i "$demo/patched/$name.data" |
		sed -n '/^Events/,$ { s/^\(module:[a-z_]*\) *\([0-9]*\)$/\1 \2/p }' | tr -d : | sort)
	is "$name: perf script counts the same events" "${perf:-nothing}" "$ours"
done

done_testing
