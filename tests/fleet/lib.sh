# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For tests of contrib/fleet. Source it after tap.sh and the tool's lib.sh.

fleet=$top/contrib/fleet

# Of Debian, whose modules are Debian's.
python=/usr/bin/python3

queries='checks.sql worst-modules.sql never-loads.sql outliers.sql update.sql'
kernels='before_kernel=6.1.0-40-amd64 after_kernel=6.1.0-41-amd64'

# need_engine duckdb|clickhouse: what ask asks
need_engine()
{
	engine=$1
	command -v jq >/dev/null || skip_all "jq is not installed"
	ENGINE_MODULES=$("$top/lab/npm.sh" "$engine" 2>"$tmp/engine.log") ||
		skip_all "$(tail -n 1 "$tmp/engine.log")"
	export ENGINE_MODULES
}

# ask DIRECTORY FILE...: answers of contrib/fleet/$engine/ on the lines below DIRECTORY
ask()
{
	lines=$1
	shift
	case $engine in
	duckdb) set -- "attempts=$lines/attempts-*.jsonl" "boots=$lines/boots-*.jsonl" load.sql "$@" ;;
	clickhouse)
		for file in "$lines"/*.jsonl; do
			set -- "insert=LineAsString:$file" "$@"
		done
		# Copies stay: the queries have to tell, as they do on a server that hasn't merged them yet.
		set -- load.sql 'run=SYSTEM STOP MERGES' "$@" ;;
	esac
	# shellcheck disable=SC2086 # words
	(cd "$fleet/$engine" && node "$top/tests/fleet/ask.mjs" "$engine" $kernels "$@")
}

# field FILE NAME: of the answers on standard input, a field of a file's
field()
{
	jq -c --arg file "$1" "select(.file == \$file) | $2"
}

# as_computed: a hundred boots that genboots.py makes, below generated/: $engine answers what a computation
# without a data base does. Leaves answers.
as_computed()
{
	mkdir generated
	ok 'boots are generated' "$python" "$top/tests/fleet/genboots.py" 100 generated
	# shellcheck disable=SC2086 # words
	ask "$tmp/generated" $queries >answers 2>err
	is 'every query runs' "$? $(cat err)" '0 '
	"$python" "$top/tests/fleet/answers.py" generated <answers >compared
	for query in $queries; do
		is "$query: as computed without a data base" "$(grep "^$query:" compared)" "$query: equal"
	done
	for what in 'torn lines of attempts' 'torn lines of boots' 'attempts sent again' 'boots sent again' \
			'boots that did not settle' 'boots with a clock before 2020 or after now' \
			'boots whose clock was set by more than a minute' 'boots without a host' \
			'hosts of more than one machine id'; do
		ok "there are: $what" test "$(field checks.sql \
			".rows[] | select(.what == \"$what\") | .number | tonumber" <answers)" -gt 0
	done

	# The comparison finds what is wrong.
	sed 's/"wasted_s":1/"wasted_s":2/' answers >wrong
	ok 'a wrong answer is found' sh -c \
		"! '$python' '$top/tests/fleet/answers.py' generated <wrong >/dev/null"
	sed '/^{"file":"update.sql"/d' answers >wrong
	ok 'a missing answer, too' sh -c "! '$python' '$top/tests/fleet/answers.py' generated <wrong >/dev/null"
}

# as_reported_boots: the recordings of tests/data, below real/: $engine answers what the reports say
as_reported_boots()
{
	mkdir real
	for name in boot-patched boot-stock; do
		input=$top/tests/data/$name.data
		"$modtrace" report -i "$input" --format=jsonl >"real/attempts-$name.jsonl"
		"$modtrace" report -i "$input" --format=jsonl --summary >"real/boots-$name.jsonl"
		"$modtrace" report -i "$input" --format=json >"$name.json"
	done
	ask "$tmp/real" worst-modules.sql never-loads.sql checks.sql >answers 2>err
	is 'recordings: the queries run' "$? $(cat err)" '0 '
	is 'recordings: modules as in the reports' \
		"$(field worst-modules.sql '[.rows[] | {name: .module, attempts: (.attempts | tonumber),
			loaded: (.loaded | tonumber), ns: (.wasted_s * 1e9 | round)}] | sort_by(.name)' <answers)" \
		"$(jq -s -c '[.[].modules[] | {name, attempts, loaded, ns: (.dup_time_ns + .fail_time_ns)}] |
			group_by(.name) | [.[] | {name: .[0].name, attempts: ([.[].attempts] | add),
				loaded: ([.[].loaded] | add), ns: ([.[].ns] | add)}]' boot-patched.json boot-stock.json |
			jq -c 'sort_by(-.ns)[:20] | sort_by(.name)')"
	is 'recordings: what never loads' "$(field never-loads.sql '[.rows[].module] | sort' <answers)" \
		"$(cat real/boots-*.jsonl | jq -c .never_load[] | sort -u | jq -sc 'sort')"
}
