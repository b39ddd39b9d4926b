#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Traces for other viewers: perfetto is decoded by protoc with field numbers that were written down for
# this test, and both formats have the slices, phases, flows and counters that the JSON has.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs protoc python3 iconv
cd "$tmp" || exit 1

names=
# traces_of NAME: of NAME.data
traces_of()
{
	for format in perfetto chrome json jsonl; do
		"$modtrace" report -i "$1.data" --format=$format >"$1.$format" 2>"$1.err"
		is "$1: $format: status" $? 0
	done
	protoc --proto_path="$top/tests/tool" --decode=Trace perfetto.proto <"$1.perfetto" \
		>"$1.perfetto.txt" 2>"$1.protoc"
	is "$1: protoc decodes it" "$? $(cat "$1.protoc")" '0 '
	names="$names $1"
}

for input in "$top"/tests/golden/*.events; do
	name=$(basename "$input" .events)
	# shellcheck disable=SC2046,SC2094 # the options are words; nothing is written there
	"$genperf" $(sed -n '1s/^# genperf://p' "$input") "$name.data" <"$input"
	traces_of "$name"
done
for name in boot-stock boot-patched trace-cmd-3.1-v7; do
	cp "$top/tests/data/$name".dat* "$name.data"
	traces_of "$name"
done

# A loser that began ahead of its winner; one that asks again later; one whose leader isn't there.
cat >races.events <<'EOT'
1000 0 11 load_begin ino=1 dev=1 file=a.ko
2000 1 12 load_begin ino=1 dev=1 file=a.ko
9000 0 11 load_merged wait_ns=5000 ret=-17 leader=12 name=a
9100 0 11 load_end ret=-17 file=a.ko
9500 1 12 load_end ret=0 stage=7 read_bytes=5 layout_bytes=6 name=a file=a.ko
20000 0 13 load_begin ino=1 dev=1 file=a.ko
21000 0 13 load_merged wait_ns=0 ret=-17 gate=1 name=a
21100 0 13 load_end ret=-17 file=a.ko
22000 0 14 load_begin ino=2 dev=1 file=b.ko
22500 0 14 load_merged wait_ns=5 ret=-16 leader=99 name=b
23000 0 14 load_end ret=-16 file=b.ko
24000 0 15 load_begin ino=3 dev=1 file=open.ko
EOT
"$genperf" races.data <races.events
traces_of races
is 'a loser without a winner has no flow, others have one' \
	"$(grep -c '"ph":"s"' races.chrome) $(grep -c '"ph":"f"' races.chrome)" '2 2'
like 'chrome: what has no end reaches to that of the recording' "$(cat races.chrome)" \
	'"name":"in_flight",.*"ts":24.000,"dur":0.000'

cp boot-patched.json broken.json
cp boot-patched.jsonl broken.jsonl
cp boot-patched.perfetto.txt broken.perfetto.txt
sed 's/"ph":"f","cat":"winner","name":"result","bp":"e","id":7,/"ph":"f","cat":"winner","name":"result","bp":"e","id":8,/
	0,/"dur":1/s/"dur":1/"dur":2/' boot-patched.chrome >broken.chrome
# shellcheck disable=SC2086 # words
python3 "$top/tests/tool/traced.py" $names broken >compared 2>errors
is 'all are compared' "$(grep -c ':$' compared)" "$(($(echo "$names" | wc -w) + 1))"
sed -n '/^broken:$/,$p' compared >found
sed -i '/^broken:$/,$d' compared
is 'all are as their JSON has them' "$(grep -v ':$' compared)" ''
like 'a flow with one end is found' "$(cat found)" 'flow 7 has only its'
like 'a slice of another length is found' "$(cat found)" 'slices differ'

cat "$tmp"/*.chrome >all
ok 'chrome: valid UTF-8' iconv -f UTF-8 -t UTF-8 -o /dev/null all
is 'chrome: no byte that a terminal obeys' "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <all | wc -c)" 0
done_testing
