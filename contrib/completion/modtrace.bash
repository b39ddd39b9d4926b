# SPDX-License-Identifier: GPL-2.0-only
# bash completion of modtrace: source it, or install it as
# /usr/share/bash-completion/completions/modtrace. It asks --help, and so knows every option.

_modtrace_words()
{
	local cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} program=${COMP_WORDS[0]} i
	local prev=${COMP_WORDS[COMP_CWORD - 1]}

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
	# --format=x comes as three words, --format x as two.
	[[ $cur != = ]] || cur=
	[[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD - 2]}
	case $command:$prev in
	report:--format | report:-f)
		mapfile -t COMPREPLY < <(compgen -W 'text json jsonl csv prometheus openmetrics svg' -- "$cur") ;;
	diff:--format | diff:-f)
		mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$cur") ;;
	report:--host)
		mapfile -t COMPREPLY < <(compgen -W 'name hash' -- "$cur") ;;
	report:--color)
		mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur") ;;
	report:--fields | report:-F | report:--sort | report:-s)
		mapfile -t COMPREPLY < <(compgen -P "${cur%"${cur##*,}"}" -W "$("$program" report --help 2>/dev/null |
			sed -n '/^Columns:/,/^$/p' | sed 's/^Columns://')" -- "${cur##*,}") ;;
	*)
		if [[ $cur == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "$("$program" "$command" --help 2>/dev/null |
				grep -oE '^ +(-[A-Za-z], )?--[a-z-]+=?' |
				grep -oE -- '--[a-z-]+=?|-[A-Za-z]')" -- "$cur")
			[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		fi ;;
	esac
}

complete -o filenames -F _modtrace_words modtrace
