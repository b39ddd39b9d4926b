# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For the tests of what the kernel does, on top of lib.sh: a guest's scenarios leave NAME.out
# (what a storm printed) and NAME.trace (what tracefs showed meanwhile). Source it.

. "$(dirname -- "$0")/../vm/lib.sh"
here=$top/tests/vm

# EXTRA=$extra brings the guest's share of the scenarios, helpers built from guest/*.c included.
extra=$tmp/extra
mkdir "$extra"
cp "$here/guest/lib.sh" "$extra/"

# helper NAME: guest/NAME.c is /extra/NAME in the guest.
helper()
{
	gcc -std=gnu11 -O2 -Wall -Wextra -Werror -static -pthread -o "$extra/$1" \
		"$here/guest/$1.c" || exit 1
}

# scenarios_ok DESCRIPTION: the guest went through all of them, and saw all that it waited for.
scenarios_ok()
{
	guest_ok "$1"
	is "$1: every wait came to its end" "$(grep '^gave up waiting' "$out/output.log")" ''
}

# outcome NAME: a storm's counts that are not 0, sorted; such as "EEXIST=63 ok=1".
outcome()
{
	grep -E '^(ok|E[A-Z0-9]+|killed|ret_-?[0-9]+)=[1-9]' "$out/$1.out" 2>/dev/null |
		LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//'
}

# key NAME KEY: one of the values that a storm printed.
key()
{
	sed -n "s/^$2=//p" "$out/$1.out"
}

# count NAME REGEX: traced lines that match.
count()
{
	grep -Ec -- "$2" "$out/$1.trace" || :
}

# pid_of NAME RESULT: the pid of those whose call had it, as storm -l tells.
pid_of()
{
	sed -n "s/^call=\([0-9]*\) $2 .*/\1/p" "$out/$1.out"
}

# field NAME REGEX FIELD: the values it has in the traced lines that match, each once.
field()
{
	grep -E -- "$2" "$out/$1.trace" | sed -n "s/.*[ (]$3=\([^ ]*\).*/\1/p" | sort -u |
		tr '\n' ' ' | sed 's/ $//'
}

# sound NAME [FLAG]...: the trace holds together and agrees with every caller; see sound.pl.
sound()
{
	scenario=$1
	shift
	is "$scenario: one begin and one end an attempt, and each caller has the errno of its end" \
		"$(perl "$here/sound.pl" "$@" "$out/$scenario.trace" "$out/$scenario.out" 2>&1)" ''
}

# storm_is NAME COUNTS [FLAG]...: the outcome, and a sound trace.
storm_is()
{
	is "$1: $2" "$(outcome "$1")" "$2"
	name_of_storm=$1
	shift 2
	sound "$name_of_storm" "$@"
}

# again_is NAME: what again() did in the guest went as if nothing had been before.
again_is()
{
	is "$1: nothing is left in /proc/modules nor in flight" "$(value "$1.left")" '0 0'
	is "$1: the file can be written to" "$(value "$1.writable")" yes
	storm_is "$1.again" 'EEXIST=3 ok=1'
	is "$1: a second storm waits for one leader" \
		"$(count "$1.again" 'module_load_merged: mt_hold gate=file ret=-17 .* bytes=0$')" 3
}
