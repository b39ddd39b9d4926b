#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# An option that would have no effect in this combination is refused, in one line, by every command.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
cd "$tmp" || exit 1
"$genperf" storm.data <"$top/tests/golden/storm.events"
"$genperf" --stock stock.data <"$top/tests/golden/stock.events"
echo 'xfs 3000000' >sizes

# The option, what makes it idle, and the command.
while IFS='|' read -r option with words; do
	option=${option% } with=${with% }
	# shellcheck disable=SC2086 # words
	timeout 60 "$modtrace" $words >out 2>err </dev/null
	is "$words: status" $? 1
	case $with in
	without*) ;;
	*) with="$with; omit one of them" ;;
	esac
	is "$words: one line, and which option" "$(cat err)" \
		"modtrace: ${words%% *}: $option has no effect $with"
	is "$words: nothing else" "$(wc -c <out)" 0
done <<-'END'
	--batch |with --attempts |live --attempts --batch=2
	--size |with --attempts |live --attempts --size=80x24
	--delay |with --attempts |live --attempts -d 1
	--ascii |with --attempts |live --attempts --ascii
	--size |without --batch |live --size=80x24
	--delay |without --batch |live -d 2
	--boot-cmdline |with --boot |record --boot --boot-cmdline
	--cpu |with --boot |record --boot -C 0
	--stock |with --boot |record --boot --stock
	COMMAND |with --boot |record --boot -- true
	--output |with --boot-cmdline |record --boot-cmdline -o x.data
	--mmap-pages |with --boot-cmdline |record --boot-cmdline -m 1M
	--cpu |with --boot-cmdline |record --boot-cmdline -C 0
	--until |with --boot-cmdline |record --boot-cmdline --until=settle
	--save-to |with --boot-cmdline |record --boot-cmdline --save-to=x.data
	COMMAND |with --boot-cmdline |record --boot-cmdline -- true
	--until |without --boot |record --until=settle -o x.data -- true
	--save-to |without --boot |record --save-to=y.data -o x.data -- true
	--cpus |without --boot-cmdline |record --cpus=4 -o x.data -- true
	--all |with --format=json |diff --all -f json storm.data storm.data
	--size |without --batch |report --tui --size=80x24 storm.data
	--fields |with --format=json |report -f json -F module storm.data
	--fields |with --format=prometheus |report -f prometheus -F module storm.data
	--sort |with --format=prometheus |report -f prometheus -s module storm.data
	--sections |with --format=csv |report -f csv --sections=totals storm.data
	--sections |with --attempts |report --attempts --sections=totals storm.data
	--sections |with --events |report --events --sections=totals storm.data
	--fields |on --sections without modules |report --sections=totals -F module storm.data
	--sort |on --sections without modules |report --sections=totals -s module storm.data
	--clock |on --sections without boot |report --sections=modules --clock=absolute storm.data
	--clock |with --format=json |report -f json --clock=absolute storm.data
	--clock |with --format=jsonl |report -f jsonl --clock=absolute storm.data
	--clock |with --format=csv |report --events -f csv --clock=absolute storm.data
	--color=always |with --format=json |report -f json --color=always storm.data
	--color=always |with --attempts |report --attempts --color=always storm.data
	--module |with --events |report --events -m xfs storm.data
	--sections |with --requests |report --requests --sections=totals storm.data
	--clock |with --format=json |report --requests -f json --clock=absolute storm.data
	--color=always |with --requests |report --requests --color=always storm.data
	--requests |with --format=prometheus |report --requests -f prometheus storm.data
	--requests |with --format=svg |report --requests -f svg storm.data
	--requests |with --summary |report --requests -f jsonl --summary storm.data
	--module-sizes |with --requests |report --requests --module-sizes=sizes storm.data
	--attempts |with --format=prometheus |report --attempts -f prometheus storm.data
END

# What depends on the recording is told by it.
"$modtrace" report --module-sizes=sizes storm.data >out 2>err
is 'sizes of what is exact: status' $? 1
is 'sizes of what is exact: one line' "$(cat err)" \
	'modtrace: --module-sizes has no effect on storm.data: it has exact byte counts; omit it'
"$modtrace" report --module-sizes=sizes stock.data >out 2>err
is 'sizes where they count' "$? $(cat err)" '0 '

"$modtrace" report --clock=absolute storm.data >out 2>err
is 'the clock of what has no times: one line' "$? $(cat err)" \
	'1 modtrace: report: --clock has no effect on storm.data: it is not of a boot'
"$modtrace" report --clock=absolute --sections=boot "$top/tests/data/boot-stock.data" >out 2>err
is 'the clock of a boot' "$? $(cat err)" '0 '

# What isn't understood is said in one line, too.
while IFS='|' read -r words message; do
	# shellcheck disable=SC2086 # words
	"$modtrace" $words >out 2>err </dev/null
	is "$words: one line" "$? $(cat out err)" "1 modtrace: ${words%% *}: $message"
done <<-'END'
	report --bogus|unknown option '--bogus'; see modtrace report --help
	report --tui --bogus|unknown option '--bogus'; see modtrace report --tui --help
	record -q|unknown option '-q'; see modtrace record --help
	live --bogus=1|unknown option '--bogus=1'; see modtrace live --help
	doctor -x|unknown option '-x'; see modtrace doctor --help
	diff --format|--format requires an argument
	diff storm.data stock.data --format|--format requires an argument
	report -f|-f requires an argument
	report --sort -i storm.data|--sort requires an argument, and -i is an option
	report -m --format=json storm.data|-m requires an argument, and --format=json is an option
	report --sections=x|unknown section "x"; use some of header, verdict, findings, totals, modules, requesters, requests, boot, events
	report|no recording is named, and there is no perf.data here; use - for standard input
	report --tui|no recording is named, and there is no perf.data here; use - for standard input
	record -o -- true|-o requires an argument, and -- is an option
	report --attempts=1|--attempts takes no argument
	report --requests --attempts storm.data|--requests and --attempts exclude each other
	report --events --requests storm.data|--events and --requests exclude each other
	report --requests -F begin_ns storm.data|unknown field "begin_ns" of --requests; see modtrace report --help
END

# And what has an effect isn't.
for words in 'report -f csv -F module -s wasted' 'report --sections=modules -F module' \
	'report --attempts -f json -F module -s tid' 'report --clock=absolute -f json --time=0,9999' \
	'report --events -c modprobe' 'report --tui --batch=1 --size=60x20 --ascii' \
	'report --color=never -f json' 'report --no-pager -f csv'; do
	# shellcheck disable=SC2086 # words
	"$modtrace" $words storm.data >out 2>err </dev/null
	is "$words: status" "$? $(cat err)" '0 '
done
"$genperf" autoload.data <"$top/tests/golden/autoload.events"
for words in '-m fs_xfs -f csv -F name -s -name' '--time=0,9 --clock=absolute' \
	'-f jsonl --host=hash' '--no-pager -c kworker/0:1 -s tid'; do
	# shellcheck disable=SC2086 # words
	"$modtrace" report --requests $words autoload.data >out 2>err </dev/null
	is "report --requests $words: status" "$? $(cat err)" '0 '
done
"$modtrace" record --boot-cmdline --cpus=4 --stock >out 2>err
is 'record --boot-cmdline --cpus --stock: status' $? 0
done_testing
