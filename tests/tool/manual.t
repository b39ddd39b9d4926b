#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What modtrace understands, --help, the manual pages and the completion agree.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
cd "$tmp" || exit 1
man=$top/docs/man
commands=$("$modtrace" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
# shellcheck disable=SC2086 # words
is 'there are commands' "$(printf '%s\n' $commands | grep -cxE 'record|report|live|diff|doctor')" 5

# Options as --help has them, and as the page does: "-i, --input=FILE"
of_help()
{
	"$modtrace" "$1" --help | grep -oE '^ +(-[A-Za-z], )?--[^ ]+' | sed 's/^ *//' | sort
}

of_page()
{
	sed -n '/^OPTIONS$/,/^[A-Z ]*$/{/^-/p};/^OPTIONS$/,/^[A-Z][A-Z ]*$/{/^-[-A-Za-z]/p}' \
		"$man/modtrace-$1.1.rst" | grep -vE '^-+$' | sort -u
}

for command in $commands; do
	ok "$command: has a page" test -s "$man/modtrace-$command.1.rst"
	is "$command: page and --help have the same options" "$(of_page "$command")" \
		"$(of_help "$command")"
	like "$command: is in the page of modtrace" "$(cat "$man/modtrace.1.rst")" \
		"\*\*modtrace-$command\*\*"
	"$modtrace" "$command" --help >help 2>err
	is "$command: --help ends well" "$? $(cat err)" '0 '
	is "$command: --help fits 80 columns" "$(awk 'length > 80' help)" ''
	# An option that is in --help is understood: it isn't what is complained about.
	for option in $("$modtrace" "$command" --help | grep -oE '^ +(-[A-Za-z], )?--[a-z-]+=?' |
			grep -oE -- '--[a-z-]+=?'); do
		case $option in
		--help) continue ;;
		*=) set -- "${option}x" --no-such-option ;;
		*) set -- "$option" --no-such-option ;;
		esac
		"$modtrace" "$command" "$@" >out 2>&1 </dev/null
		ok "$command: understands $option" sh -c \
			"! grep -Eq \"unknown option '${option%=}|requires an argument\" out"
	done
	"$modtrace" "$command" --no-such-option >out 2>err
	is "$command: no such option" $? 1
done

if command -v rst2man >/dev/null; then
	for page in "$man"/*.rst; do
		ok "$(basename "$page"): is sound" rst2man --strict "$page" page
		like "$(basename "$page"): has its title" "$(cat page)" \
			"^\.TH \"?$(basename "$page" | sed 's/\..*//;s/-/./g' | tr '[:lower:]' '[:upper:]')"
	done
else
	skip 'rst2man is not installed'
fi

# Columns: the table's are all in the page, and in --help.
for column in $("$modtrace" report --help | sed -n '/^Columns:/,/^$/p' | sed 's/^Columns://'); do
	like "column $column: in the page" "$(cat "$man/modtrace-report.1.rst")" "^(.*, )?$column(, .*)?\$"
done
: >empty
"$genperf" empty.data <empty
is 'columns: all there are' "$("$modtrace" report -i empty.data --format=csv | tr -d '\r' | tr ',' '\n' | wc -l)" \
	"$("$modtrace" report --help | sed -n '/^Columns:/,/^$/p' | sed 's/^Columns://' | wc -w)"

# Formats: those of the table are in the page, in --help, and completed (below).
formats=$(sed -n '/^} formats\[\]/,/^};/p' "$top/tools/modtrace/report.c" | grep -oE '"[a-z]+"' | tr -d '"')
like 'formats: there are some' "$formats" '^json$'
for format in $formats; do
	like "format $format: in the page" "$(cat "$man/modtrace-report.1.rst")" "\*\*$format\*\*"
	like "format $format: in --help" \
		"$("$modtrace" report --help | sed -n '/--format/,/--fields/p')" "\b$format\b"
done

# Fields of attempts: the same in --help and in what is written.
is 'fields of attempts: all there are' \
	"$("$modtrace" report --help | sed -n '/^Fields of --attempts:/,/^$/p' | sed 's/^Fields.*://' |
		tr -s ' \n' '\n' | grep . | sort)" \
	"$(python3 "$top/tests/tool/schema.py" --keys "$top/docs/schema/attempt.json" | sort)"

is 'fields of requests: all there are' \
	"$("$modtrace" report --help | sed -n '/^Fields of --requests:/,/^$/p' | sed 's/^Fields.*://' |
		tr -s ' \n' '\n' | grep . | sort)" \
	"$(python3 "$top/tests/tool/schema.py" --keys "$top/docs/schema/request.json" | sort)"

# Findings: all there are.
ids=$(grep -oE '^	\{ "[a-z_]+"' "$top/tools/modtrace/views/remedies.c" | grep -oE '[a-z_]+')
is 'findings: all that are made have a row in the table' \
	"$(cat "$top/tools/modtrace/views/findings.c" "$top/tools/modtrace/views/causes.c" \
		"$top/tools/modtrace/views/fruitless.c" | tr -s ' \t\n' ' ' |
		grep -oE '(finding_add\( ?f,|\[CAUSE_[A-Z_]+\] = \{) "[a-z_]+"' | grep -oE '"[a-z_]+"' | tr -d '"' |
		sort -u)" \
	"$(printf '%s\n' "$ids" | sort -u)"
for finding in $ids; do
	like "finding $finding: in docs/remedies.md" "$(cat "$top/docs/remedies.md")" "^### $finding\$"
	like "finding $finding: in the page" "$(cat "$man/modtrace-report.1.rst")" \
		"(^|, )$finding(,|\$)"
done

# Formats: every key of JSON, of its lines, and every metric.
for schema in report attempt attempts request requests event events summary diff; do
	for key in $(python3 "$top/tests/tool/schema.py" --keys "$top/docs/schema/$schema.json"); do
		like "$schema: key $key: in its page" "$(cat "$man/modtrace-formats.5.rst")" "(^|, )$key(,|\$)"
	done
done
for metric in $(grep -ohE '"modtrace_[a-z_]+"' "$top"/tools/modtrace/views/output_*metrics.c \
		"$top/tools/modtrace/views/output_prometheus.c" | tr -d '"'); do
	like "metric $metric: in its page" "$(cat "$man/modtrace-formats.5.rst")" "(^|, )$metric(,|\$)"
done

# Events: those of the table.
for event in $(grep -oE '"module_[a-z_]+"' "$top/tools/modtrace/formats/events.c" | tr -d '"' | sort -u); do
	like "event $event: in its page" "$(cat "$man/modtrace-events.7.rst")" "(^|, )$event(,|\$)"
done
for field in $(sed -n '/load_begin_fields/,/no_fields/p' "$top/tools/modtrace/formats/events.c" |
		grep -oE '(NUM|STR)\("[a-z_]+"' | grep -oE '"[a-z_]+"' | tr -d '"' | sort -u); do
	like "field $field: in its page" "$(cat "$man/modtrace-events.7.rst")" "\*$field\*"
done

# completions WORD...: what bash offers for the last one
completions()
{
	bash -c '
		. "$1"
		shift
		PATH=$1:$PATH
		shift
		COMP_WORDS=(modtrace "$@")
		COMP_CWORD=$#
		COMPREPLY=()
		_modtrace_words
		printf "%s\n" "${COMPREPLY[@]}"' - "$top/contrib/completion/modtrace.bash" \
		"$(dirname "$modtrace")" "$@" 2>&1 | sort
}

ok 'completion: loads' bash -n "$top/contrib/completion/modtrace.bash"
# shellcheck disable=SC2086 # words
is 'completion: commands' "$(completions '' | grep -v '^-')" "$(printf '%s\n' $commands | sort)"
is 'completion: of a part' "$(completions rep)" report
for command in $commands; do
	is "completion: all options of $command" "$(completions "$command" -)" \
		"$({
			of_help "$command" | grep -oE -- '--[a-z-]+=?|-[A-Za-z]'
			[ "$command" != report ] || echo --tui
		} | sort)"
done
# shellcheck disable=SC2086 # words
is 'completion: formats' "$(completions report --format = '')" "$(printf '%s\n' $formats | sort)"
is 'completion: a format' "$(completions report --format = pro)" prometheus
is 'completion: --tui' "$(completions report --tu)" --tui
like 'completion: behind it the options of the screens' "$(completions report --tui --b)" '^--batch=$'
like 'completion: sizes' "$(completions report --tui --size = 80)" '^80x24$'
like 'completion: numbers of frames' "$(completions live --batch = 1)" '^1$'
is 'completion: a section behind others' "$(completions report --sections = verdict,fin)" 'verdict,findings'
is 'completion: a field of requests behind others' \
	"$(completions report --requests --sort name,mer)" 'name,merged'
is 'completion: a field of attempts behind others' \
	"$(completions report --attempts --sort begin_ns,dura)" 'begin_ns,duration_ns'
: >one.data
is 'completion: a file behind others' "$(completions diff two.data,one.d)" 'two.data,one.data'
is 'completion: a column behind others' "$(completions report --sort wasted,dupl)" 'wasted,duplicates'
done_testing
