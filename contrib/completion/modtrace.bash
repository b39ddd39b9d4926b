# SPDX-License-Identifier: GPL-2.0-only
# bash completion of modtrace: source it, or install it as
# /usr/share/bash-completion/completions/modtrace. It asks --help, and so knows every option.

# The last name of a list is completed, what is ahead of its comma stays.
_modtrace_list()
{
	mapfile -t COMPREPLY < <(compgen -P "${cur%"${cur##*,}"}" "$@" -- "${cur##*,}")
	compopt -o nospace 2>/dev/null
}

_modtrace_words()
{
	local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} program=${COMP_WORDS[0]} i
	local prev=${COMP_WORDS[COMP_CWORD - 1]} screens='' fields=Columns

	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2>/dev/null |
			sed -n 's/^  \([a-z]*\)  .*/\1/p') --help --version" -- "$cur")
		return
	fi
	# Behind -- is somebody else's command.
	for ((i = 2; i < COMP_CWORD; i++)); do
		if [[ ${COMP_WORDS[i]} == -- && $command != diff ]]; then
			mapfile -t COMPREPLY < <(compgen -c -f -- "$cur")
			return
		fi
	done
	for i in "${COMP_WORDS[@]:2}"; do
		case $i in
		--tui) screens=--tui ;;
		--attempts) fields='Fields of --attempts' ;;
		--requests) fields='Fields of --requests' ;;
		esac
	done
	# --format=x comes as three words, --format x as two.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	case $command:$prev in
	report:--format | report:-f)
		mapfile -t COMPREPLY < <(compgen -W 'text json jsonl csv prometheus openmetrics svg perfetto chrome' -- "$cur") ;;
	diff:--format | diff:-f)
		mapfile -t COMPREPLY < <(compgen -W 'text json svg' -- "$cur") ;;
	report:--host)
		mapfile -t COMPREPLY < <(compgen -W 'name hash' -- "$cur") ;;
	report:--color)
		mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur") ;;
	report:--fields | report:-F | report:--sort | report:-s)
		_modtrace_list -W "$("$program" report --help 2>/dev/null |
			sed -n "/^$fields:/,/^\$/p" | sed "s/^$fields://")" ;;
	report:--sections)
		_modtrace_list -W 'header verdict findings totals modules requesters requests boot events' ;;
	report:--clock)
		mapfile -t COMPREPLY < <(compgen -W 'relative absolute' -- "$cur") ;;
	report:--size | live:--size)
		mapfile -t COMPREPLY < <(compgen -W '80x24 120x40 200x50' -- "$cur") ;;
	report:--batch | live:--batch)
		mapfile -t COMPREPLY < <(compgen -W '1 2 5 10' -- "$cur") ;;
	*)
		if [[ $cur == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$("$program" "$command" $screens --help 2>/dev/null |
				grep -oE '^ +(-[A-Za-z], )?--[a-z-]+=?' |
				grep -oE -- '--[a-z-]+=?|-[A-Za-z]')
				$([[ $command != report ]] || echo --tui)" -- "$cur")
			[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
		elif [[ $command == diff && $cur == *,* ]]; then
			_modtrace_list -f
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi ;;
	esac
}

complete -o filenames -F _modtrace_words modtrace
