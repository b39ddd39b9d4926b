#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Options of report: what is shown, in which order, of which attempts, and where.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq
cd "$tmp" || exit 1
unset COLUMNS NO_COLOR PAGER
for name in storm outcomes dependency per-cpu healthy unclosed autoload failures slow-load writer stock; do
	# shellcheck disable=SC2046,SC2094 # the options are words; nothing is written there
	"$genperf" $(sed -n '1s/^# genperf://p' "$top/tests/golden/$name.events") "$name.data" \
		<"$top/tests/golden/$name.events"
done
cp "$top/tests/data/boot-stock.data" "$top/tests/data/boot-patched.data" .

# fails STATUS DESCRIPTION MESSAGE ARGUMENT...: with this status and one line that matches
fails()
{
	status=$1 what=$2 message=$3
	shift 3
	"$modtrace" report "$@" >out 2>err
	is "$what: status" $? "$status"
	like "$what: said" "$(cat err)" "$message"
	is "$what: in one line" "$(grep -c . err)" 1
}

# names ARGUMENT...: the modules in order
names()
{
	"$modtrace" report -i outcomes.data --format=csv --fields=module "$@" |
		tail -n +2 | tr -d '\r"' | tr '\n' ' '
}

# columns and orders
is 'fields, in the order given' \
	"$("$modtrace" report -i storm.data --fields=busy,module,p99 | sed -n '/^Modules/{n;p;}')" \
	'BUSY  MODULE      p99'
all=$(names --sort=module)
# shellcheck disable=SC2086
is 'an order by name' "$all" "$(printf '%s\n' $all | LC_ALL=C sort | tr '\n' ' ')"
# shellcheck disable=SC2086
is 'turned round' "$(names --sort=-module)" "$(printf '%s\n' $all | LC_ALL=C sort -r | tr '\n' ' ')"
is 'ties go on to the next key' "$(names --sort=merged_by_gate.unknown,-module)" \
	"$(names --sort=-module)"
is 'ties without one go by name' "$(names --sort=gate_unknown)" "$all"
is 'numbers from the largest' "$("$modtrace" report -i outcomes.data --format=csv \
	--fields=attempts --sort=attempts | tail -n +2 | sort -nrc 2>&1)" ''
fails 1 'an unknown column' 'unknown column "colour"' -i storm.data --fields=module,colour
fails 1 'an unknown order' 'unknown column ""' -i storm.data --sort=

# filters
count()
{
	"$modtrace" report --format=json "$@" | jq -c '[.totals.attempts, .totals.loaded, .totals.merged]'
}
is 'all of them' "$(count -i storm.data)" '[5,1,4]'
is 'by name of the thread' "$(count -i storm.data --comm=modprobe)" '[1,0,1]'
is 'by pattern' "$(count -i storm.data --comm='(udev*')" '[4,1,3]'
is 'one of several' "$(count -i storm.data --comm=modprobe,nobody)" '[1,0,1]'
is 'by module' "$(count -i dependency.data --module='mdt_*')" '[3,1,0]'
is 'what a merged one avoided is known though its winner is hidden' \
	"$("$modtrace" report -i storm.data --comm=modprobe --format=json | jq .totals.avoided_bytes)" 5500000
is 'none' "$(count -i storm.data --module=nothing)" '[0,0,0]'
is 'from a time on' "$(count -i storm.data --time=2ms,)" '[1,0,1]'
is 'until a time' "$(count -i storm.data --time=,1.0002ms)" '[2,1,1]'
is 'in seconds' "$(count -i storm.data --time=0.001,0.002)" '[4,1,3]'
fails 1 'a time without a comma' 'not FROM,UNTIL' -i storm.data --time=1
fails 1 'a range of nothing' 'ends before it begins' -i storm.data --time=2,1
fails 1 'a time of no unit' 'not FROM,UNTIL' -i storm.data --time=1d,
fails 1 'an empty pattern' 'empty name' -i storm.data --module=xfs,
like 'a filter is said' "$("$modtrace" report -i storm.data -m xfs --time=1ms,)" \
	'^only attempts for xfs from 1.00 ms to the end$'

# width and colour
for width in 60 80 100; do
	is "at most $width columns of a table" "$(COLUMNS=$width "$modtrace" report -i outcomes.data |
		sed -n '/^MODULE/,/^Findings/p' | sed '/^$/,$d' | awk -v w="$width" 'length > w')" ''
done
is 'no colours where there is no terminal' "$("$modtrace" report -i per-cpu.data | grep -c "$(printf '\033')")" 0
ok 'colours if asked for' sh -c "'$modtrace' report -i per-cpu.data --color=always | grep -q '$(printf '\033\[33mwarn')'"
fails 1 'no such colours' 'auto, always or never' -i storm.data --color=blue
if command -v script >/dev/null; then
	# on_terminal COMMAND: its output on a terminal of its own
	on_terminal()
	{
		TERM=xterm script -qec "stty cols 100; $1" /dev/null </dev/null 2>&1
	}
	like 'colours on a terminal' "$(on_terminal "'$modtrace' report -i per-cpu.data --no-pager")" \
		"$(printf '\033\\[33mwarn')"
	is 'none with NO_COLOR' "$(NO_COLOR=1 on_terminal "'$modtrace' report -i per-cpu.data --no-pager" |
		grep -c "$(printf '\033')")" 0
	like 'PAGER on a terminal' "$(PAGER='sed s/^/PAGED:/' on_terminal "'$modtrace' report -i storm.data")" \
		'^PAGED:kernel'
	like 'a pager that leaves early is no error' \
		"$(PAGER='head -n 1' on_terminal "'$modtrace' report -i storm.data; echo status \$?")" 'status 0'
	# shellcheck disable=SC2016 # for the pager's shell
	secure='echo "less is [$LESSSECURE]"; cat >/dev/null'
	like 'with rights of one who is not the caller, less is told' \
		"$(SUDO_UID=1000 PAGER=$secure on_terminal "'$modtrace' report -i storm.data")" 'less is \[1\]'
	like 'else not' "$(unset SUDO_UID PKEXEC_UID; PAGER=$secure on_terminal "'$modtrace' report -i storm.data")" \
		'less is \[\]'
	is 'none with --no-pager' "$(PAGER='sed s/^/PAGED:/' on_terminal \
		"'$modtrace' report -i storm.data --no-pager" | grep -c PAGED)" 0
	is 'none for JSON' "$(PAGER='sed s/^/PAGED:/' on_terminal \
		"'$modtrace' report -i storm.data --format=json" | grep -c PAGED)" 0
	yes '+1 0 5 load name=x' | head -n 1000 | "$genperf" --repeat=100 long.data
	like 'progress on a terminal when reading takes long' \
		"$(on_terminal "'$modtrace' report -i long.data --events | (sleep 4; cat >/dev/null)")" \
		'events read, '
else
	skip 'script is not installed'
fi
PAGER='sed s/^/PAGED:/' "$modtrace" report -i storm.data >out
is 'no pager without a terminal' "$(grep -c PAGED out)" 0

# thresholds
holds()
{
	"$modtrace" report -i "$1" --fail-on "$2" >out 2>err
	is "--fail-on $2 of $1" $? "$3"
}
holds per-cpu.data 'wasted_bytes>0' 2
like 'it is said' "$(cat err)" 'wasted_bytes is 22500'
is 'and the report is there' "$(head -c 6 out)" kernel
holds healthy.data 'wasted_bytes>0' 0
is 'nothing to say' "$(cat err)" ''
holds per-cpu.data 'wasted_bytes > 21K && exists>=5' 2
holds per-cpu.data 'wasted_bytes > 22K' 0
holds per-cpu.data 'loaded!=1 || errno.EBUSY==4' 2
holds per-cpu.data 'loaded!=1 || errno.EBUSY==3' 0
holds per-cpu.data 'wasted.image == 13500' 2
holds per-cpu.data 'findings.per_cpu_modalias>0' 2
holds healthy.data 'findings>0' 0
holds failures.data 'failed>0' 2
holds failures.data 'findings.never_loads>0' 2
holds slow-load.data 'longest>=30s && load_time>30s' 2
holds dependency.data 'findings.error>=2' 2
holds storm.data 'wait_ns.max > 6ms' 2
holds storm.data 'duplicates_share>90%' 0
holds storm.data 'duplicates_share>0.8' 2
holds healthy.data 'wait_ns.p99>1s' 1
like 'what is not known neither holds nor fails to' "$(cat err)" "wait_ns.p99 is unknown"
holds per-cpu.data 'rejected>0 || busy>0' 2
fails 1 'a condition on nothing' 'no key "nothing"' -i storm.data --fail-on 'nothing>0'
fails 1 'no such finding' 'no key "findings.nevr_loads"' -i storm.data --fail-on 'findings.nevr_loads>0'
fails 1 'no such errno' 'no key "errno.EBUZY"' -i storm.data --fail-on 'errno.EBUZY>0'
holds "$top/tests/data/boot-stock.data" 'marker.graphical.target>30s' 2
holds "$top/tests/data/boot-stock.data" 'marker.multi-user.target>48.8s' 0
holds "$top/tests/data/boot-stock.data" 'marker.grafical.target>30s' 1
like 'a marker that was not recorded is unknown' "$(cat err)" 'marker.grafical.target is unknown'
fails 1 'a name is no total' 'no key "module"' -i storm.data --fail-on 'module>0'
fails 1 'no comparison' 'busy must be followed by' -i storm.data --fail-on busy
fails 1 'no number' 'no number' -i storm.data --fail-on 'busy>x'
fails 1 'something behind it' 'neither && nor' -i storm.data --fail-on 'busy>0 busy'
"$modtrace" report -i per-cpu.data --format=jsonl --fail-on 'busy>0' >out 2>err
is 'with jsonl, too' $? 2

# findings: each is made in a golden recording; a healthy one has none
is 'a healthy recording has no findings' \
	"$("$modtrace" report -i healthy.data --format=json | jq -c .findings)" '[]'
for finding in per-cpu:per_cpu_modalias per-cpu:blame failures:never_loads slow-load:slow_load \
	slow-load:in_flight storms:fruitless_requests storms:serial_repeats storms:failure_storm \
	boot-stock:identical_devices writer:writer writer-stock:writer stock:compression \
	boot-patched:merged helpers:storm dependency:dependency_damage dependency:missing_symbols \
	self-wait:self_wait disagree:stats_disagree disagree:init_module lost:lost_events lost:renaming \
	helpers:blame; do
	golden=$top/tests/golden/${finding%:*}.json
	is "$finding: found, with evidence" "$(jq --arg id "${finding#*:}" \
		'[.findings[] | select(.id == $id and (.evidence | length) > 0)] | length > 0' "$golden")" true
done
# loads whose system calls another trace instance has taken
printf '%s\n' '1000 0 5 comm modprobe' '2000 0 5 load name=xfs' '3000 0 6 load name=fat' |
	"$genperf" --stock silenced.data
"$modtrace" report -i silenced.data --format=json >out 2>err
is 'loads without system calls are told' "$(jq -c '[.findings[] | select(.id == "silenced") |
	.severity, .evidence.loads]' out)" '["error",2]'
like 'and not called none' "$("$modtrace" report -i silenced.data)" \
	'Verdict: unknown: 2 loaded without a recorded system call\.'
"$modtrace" report -i silenced.data --format=json -m xfs >out 2>err
is 'a selection of them is not that' "$(jq -c '[.findings[] | select(.id == "silenced")]' out)" '[]'
# a patched kernel recorded like one that isn't: sizes of files say nothing of duplicates there
printf '%s\n' 'note at_start merge_file wait' '1000 0 1 comm udevd' '1050 0 5 fork 1' '1060 1 6 fork 1' \
	'1100 0 5 open path=/lib/a.ko' '1110 0 5 sys_exit_openat ret=3' '1200 0 5 sys_enter_finit_module fd=3' \
	'1300 1 6 open path=/lib/a.ko' '1310 1 6 sys_exit_openat ret=3' '1400 1 6 sys_enter_finit_module fd=3' \
	'2000 0 5 load name=a' '2100 1 6 sys_exit_finit_module ret=-17' '2200 0 5 sys_exit_finit_module ret=0' >words
echo '/lib/a.ko 5000 9000' >sizes
"$genperf" --stock --no-bytes words.data <words
sed 1d words | "$genperf" --stock --no-bytes unpatched.data
for file in words unpatched; do
	"$modtrace" report -i $file.data --module-sizes sizes --format=json >$file.json 2>err
done
is 'stock words on a patched kernel invent no waste' "$(jq -c '[.totals.exists, .totals.wasted_bytes,
	(.findings | map(.id) | index("stock_words") != null)]' words.json)" '[1,null,true]'
is 'on an unpatched one it is estimated' "$(jq -c '[.totals.exists, .totals.wasted_bytes,
	(.findings | map(.id) | index("stock_words") != null)]' unpatched.json)" '[1,14000,false]'
is 'helpers of requests are no per-CPU modalias' "$(jq '[.findings[].id] | index("per_cpu_modalias")' \
	"$top/tests/golden/helpers.json")" null
is 'a patched boot: what wastes nothing has one line' \
	"$(jq -c '[.findings[] | select(.severity == "info") | .id]' "$top/tests/golden/boot-patched.json")" \
	'["merged"]'
is 'every finding but a notice has a remedy' "$(cat "$top"/tests/golden/*.json | jq -s -c \
	'[.[].findings[] | select(.remedy == null) | .id] | unique')" \
	'["avoided_partly_known","blame","merged","unknown_events"]'

# what the recordings of failures and of slow loads say
finding()
{
	jq -c --arg id "$2" ".findings[] | select(.id == \$id) | $3" "$top/tests/golden/$1.json"
}
is 'failures: modules, errno, count, cost and by whom' \
	"$(finding failures never_loads '[.modules, (.evidence | .failed, .errno, .failed_bytes, .who)]')" \
	'[["acpi_cpufreq","pcc_cpufreq"],192,19,13048320,"udev"]'
is 'failures: blame' "$(finding failures blame '.evidence | [.who, .failed, .of]')" '["udev",192,192]'
is 'slow load: named, with its time' "$(finding slow-load slow_load '[.module, .evidence.load_time_ns]')" \
	'["nouveau",30000010000]'
is 'no end: named, with task and age' "$(finding slow-load in_flight \
	'[.module, .evidence.task, (.evidence.age_ns / 1e9 | floor)]')" '["qla2xxx",100,179]'
is 'a writer is no duplicate' "$(jq -c '.totals | [.failed, .busy, .merged]' \
	"$top/tests/golden/writer.json" "$top/tests/golden/writer-stock.json" | tr -d '\n')" '[1,1,0][1,1,0]'
"$modtrace" report -i writer.data --format=jsonl >out
is 'its cause is told' "$(jq -s -c '[.[].cause]' out)" '[null,null,"writer"]'

is 'requests for nothing: who asked' "$(finding storms fruitless_requests '.evidence | [.asker, .asker_requests > 0]')" \
	"$(jq -c '[.autoloads | max_by(.requests) | .askers | max_by(.requests) | .comm, true]' "$top/tests/golden/storms.json")"
like 'and the text says so' "$(cat "$top/tests/golden/storms.txt")" 'asked for by '
is 'every request has somebody who asked' "$(jq -s '[.[].autoloads[] | select(.requests != null) |
	.requests - ([.askers[].requests] | add // 0) - .other_requests] | map(select(. != 0)) | length' \
	"$top"/tests/golden/*.json)" 0

# Median and 99th percentile of calls, by nearest rank of the attempts of each kind, within 1/128.
"$modtrace" report -i "$top/tests/data/boot-stock.data" --format=jsonl >calls.jsonl
# shellcheck disable=SC2016 # jq's own variables
is 'percentiles of calls are those of the attempts' "$(jq -s -c --slurpfile lines calls.jsonl '
	def rank($p): sort | .[((length * $p + 99) / 100 | floor) - 1];
	def near($got; $all): ($all | length) as $n | if $n == 0 then $got == null
		else $got.max == ($all | max) and $got.sum == ($all | add) and
			all([50, "p50"], [99, "p99"]; . as $p | ($all | rank($p[0])) as $want |
				($got[$p[1]] - $want | fabs) * 128 <= $want) end;
	[["call_ns", "exists", "busy"], ["fail_call_ns", "failed"], ["load_call_ns", "loaded"]] as $kinds |
	[.[0] | (.modules[], .totals) as $row | $kinds[] as $kind | near($row[$kind[0]];
		[$lines[] | select(($row.name // .module) == .module) |
			select(.outcome as $o | $kind[1:] | index($o)) | .end_ns - .begin_ns])] | [length, all]' \
	"$top/tests/golden/boot-stock.json")" '[69,true]'

# nothing is silent: failed writes, and options without an effect
for words in 'report -i storm.data' 'report -i storm.data --format=json' 'report -i storm.data --format=csv' \
	'report -i storm.data --format=prometheus' 'report -i storm.data --format=jsonl' \
	'report -i storm.data --attempts' 'report -i storm.data --events' 'doctor' 'doctor --json' \
	'report -i storm.data --format=openmetrics' 'report -i storm.data --format=jsonl --summary' \
	'report -i storm.data --format=svg' 'report -i storm.data --format=perfetto' \
	'report -i storm.data --format=chrome' 'report -i storm.data --tui --batch=2' \
	'record --boot-cmdline --cpus 4' 'diff storm.data per-cpu.data' 'diff -f json storm.data per-cpu.data' \
	'diff -f svg storm.data per-cpu.data' '--help' '--version' 'report --help' 'help report'; do
	# shellcheck disable=SC2086 # the options are words
	"$modtrace" $words >/dev/full 2>err
	is "$words >/dev/full" $? 1
	is 'and says so' "$(cat err)" 'modtrace: standard output: No space left on device'
	# shellcheck disable=SC2086
	"$modtrace" $words >&- 2>err
	is "$words >&-" $? 1
	is 'and says so' "$(cat err)" 'modtrace: standard output: Bad file descriptor'
done
"$modtrace" report -i per-cpu.data --fail-on 'busy>0' >/dev/full 2>err
is 'a report that is not there is no threshold' $? 1
fails 1 'fields of JSON' '--fields has no effect with --format=json' -i storm.data -f json -F module
fails 1 'sections of CSV' '--sections has no effect' -i storm.data -f csv --sections=totals
# What attempts are made of comes ahead of the first of them, from which times count.
for name in slow-load stock; do
	"$modtrace" report -i $name.data --events >events
	is "$name: events count from the first attempt" \
		"$(sed -n '/module_load_begin/{ s/ *\([0-9.]*\) .*/\1/p; q; }' events)" 0.000000
	ok "$name: and times don't decrease" sort -s -c -k 1,1n events
done
# A pipe that has a name is read once, too.
mkfifo pipe
cat stock.data >pipe &
timeout 20 "$modtrace" report --events pipe >out 2>err
is 'events through a pipe' "$? $(cat err) $(grep -c module_load_begin out)" "0  $(grep -c module_load_begin events)"
wait
fails 1 'modules of events' '--module has no effect with --events' -i storm.data --events -m x
fails 1 'metrics of attempts' '--attempts has no effect with --format=prometheus' -i storm.data --attempts -f prometheus
fails 1 'metrics of events' '--events has no effect with --format=prometheus' -i storm.data --events -f prometheus
fails 1 'the order of metrics' '--sort has no effect with --format=prometheus' -i storm.data -f prometheus -s wasted
fails 1 'a field that attempts lack' 'unknown field "wasted" of --attempts' -i storm.data --attempts -s wasted
fails 1 'a field that events lack' 'unknown field "outcome" of --events' -i storm.data --events -F outcome
fails 1 'a clock of attempts in JSON' '--clock has no effect with --format=json' -i storm.data --attempts -f json --clock=absolute
fails 1 'a clock of lines' '--clock has no effect with --format=jsonl' -i storm.data -f jsonl --clock=absolute
fails 1 'sections of attempts' '--sections has no effect with --attempts' -i storm.data --attempts --sections=totals
fails 1 'two streams' 'exclude each other' -i storm.data --attempts --events
fails 1 'a clock of JSON' '--clock has no effect' -i storm.data -f json --clock=absolute
fails 1 'no such clock' 'use relative or absolute' -i storm.data --clock=wall

# one clock, and the recording's own
"$modtrace" report -i storm.data --format=jsonl >out
"$modtrace" report -i storm.data --attempts --clock=absolute | head -n 1 >abs
is 'absolute times are those of JSON' "$(awk '{ printf "%d", $1 * 1000000 }' abs)" \
	"$(head -n 1 out | jq '.begin_ns / 1000 | floor')"
is 'times of --time, too' "$("$modtrace" report -i slow-load.data --clock=absolute --time=60,70 --format=json |
	jq -c '[.modules[].name]')" '["nouveau"]'

# names are the same with - and _
for name in acpi_cpufreq acpi-cpufreq 'acpi[-_]cpufreq' 'ACPI'; do
	"$modtrace" report -i failures.data -m "$name" --format=json >out 2>err
	is "-m $name" "$(jq .totals.attempts out)" "$([ "$name" = ACPI ] && echo 0 || echo 96)"
done
like 'a selection that matches nothing says so' "$(cat err)" '^modtrace: report: nothing in failures.data matches'
"$modtrace" report -i failures.data -m acpi-cpufreq --fail-on 'failed>0' >out 2>err
is 'it holds of a name with -' $? 2
"$modtrace" report -i failures.data -m nonesuch --fail-on 'failed>0' >out 2>err
is 'nothing holds of nothing' $? 1

# the text fits the terminal; sections
for width in 60 80 132; do
	is "nothing is wider than $width" "$(for f in failures boot-stock boot-patched per-cpu stock; do
		COLUMNS=$width "$modtrace" report -i $f.data
	done | awk -v w=$width 'length($0) > w')" ''
done
COLUMNS=80 "$modtrace" report -i boot-stock.data | head -n 24 >out
like 'the first screen has the verdict' "$(tr '\n' ' ' <out)" '591 of 624 attempts.*82.1 MiB and 2849 worker-seconds'
like 'and the worst by time' "$(tr '\n' ' ' <out)" 'aesni_intel 974 s, acpi_cpufreq 254 s, kvm 233 s'
like 'and how much of that people wait for' "$(tr '\n' ' ' <out)" '100 s of 144 s \(70%\), 7.76 s of that before graphical.target'
like 'and what to do' "$(cat out)" 'remedy: CPUs are among the devices'
"$modtrace" report -i boot-stock.data --sections=verdict,requests >out
is 'sections that were asked for' "$(grep -cE '^(Verdict|Requests)' out) $(grep -cE '^(kernel|Modules|Events)' out)" '2 0'
fails 1 'an unknown section' 'unknown section "nothing"' -i boot-stock.data --sections=nothing
is '~ and ? are explained once' "$("$modtrace" report -i boot-stock.data | grep -c 'an estimate')" 1
is 'not where there are none' "$("$modtrace" report -i healthy.data | grep -c 'an estimate')" 0
is 'who asked for what' "$(jq -c '.findings[] | select(.id == "blame") | .evidence.who' \
	"$top/tests/golden/helpers.json")" '"kernel"'
is 'a helper has its request and the call site' \
	"$(jq -c '.modules[] | select(.name == "xfs") | .requesters[0].request' \
		"$top/tests/golden/helpers.json")" '{"name":"fs-xfs","call_site":"get_fs_type+0x5c"}'
is 'not where it could be one of two' \
	"$(jq -c '.modules[] | select(.name == "ext4") | .requesters[0].request' \
		"$top/tests/golden/helpers.json")" null
is 'a recording without -i' "$("$modtrace" report storm.data --format=csv)" \
	"$("$modtrace" report -i storm.data --format=csv)"
is 'on the screens, too' "$("$modtrace" report --tui storm.data --batch 1)" \
	"$("$modtrace" report --tui -i storm.data --batch 1)"
is 'help COMMAND' "$("$modtrace" help report)" "$("$modtrace" report --help)"
is 'help of what there is not' "$("$modtrace" help repotr 2>&1; echo $?)" \
	"modtrace: unknown command 'repotr'; see modtrace --help
1"
is 'help of what is a page' "$("$modtrace" help udev)" 'see man modtrace-udev'
like 'of several recordings, what compares them' "$("$modtrace" report storm.data storm.data 2>&1)" 'modtrace diff'
is 'a recording without a command' "$("$modtrace" storm.data 2>&1; echo $?)" \
	"modtrace: 'storm.data' is no command but a file; modtrace report FILE reads a recording
1"
is 'a line of jsonl has its machine, its boot and its file' \
	"$("$modtrace" report -i boot-stock.data --format=jsonl | head -n 1 |
		jq -r '.host, (.boot_id | length), .kernel, .recording' | tr '\n' ' ')" \
	'modtrace-guest 36 6.1.192-stock boot-stock.data '
is 'JSON, too' "$("$modtrace" report -i boot-stock.data --format=json | jq '.recording.boot_id | length')" 36
is 'no boot where none was recorded' \
	"$("$modtrace" report -i storm.data --format=jsonl | jq -r '.boot_id' | sort -u)" null

# What the README shows is what is seen.
COLUMNS=80 "$modtrace" report -i boot-stock.data 2>&1 | head -n 24 >first
ok "the first screen is the README's" awk -v want="$(sed 's/^/    /; s/ *$//' first)" \
	'{ all = all $0 "\n" } END { exit !index(all, want) }' "$top/README.md"
done_testing
