# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# TAP for tests in shell: source it, call ok, is and like, and end with done_testing.

# shellcheck disable=SC2034
top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
tests_run=0
tests_failed=0
# Results go here, so that a test may send the output of what it runs elsewhere.
exec 3>&1

# A place of the test's own, gone with it.
tmp=$(mktemp -d "${TMPDIR:-/tmp}/modtrace-test.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /' >&2
}

# report STATUS DESCRIPTION
report()
{
	tests_run=$((tests_run + 1))
	if [ "$1" -eq 0 ]; then
		printf 'ok %d - %s\n' "$tests_run" "$2" >&3
	else
		tests_failed=$((tests_failed + 1))
		printf 'not ok %d - %s\n' "$tests_run" "$2" >&3
	fi
}

# ok DESCRIPTION COMMAND...: the command succeeds.
ok()
{
	description=$1
	shift
	status_of_ok=0
	"$@" 3>&- || status_of_ok=$?
	report "$status_of_ok" "$description"
}

# is DESCRIPTION GOT WANTED
is()
{
	if [ "$2" = "$3" ]; then
		report 0 "$1"
	else
		report 1 "$1"
		diag "got '$2', wanted '$3'"
	fi
}

# like DESCRIPTION GOT REGEX: an extended regular expression, on any line.
like()
{
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then
		report 0 "$1"
	else
		report 1 "$1"
		diag "got '$2', wanted what matches '$3'"
	fi
}

# skip REASON: one test that can't be run here.
skip()
{
	tests_run=$((tests_run + 1))
	printf 'ok %d # SKIP %s\n' "$tests_run" "$1" >&3
}

skip_all()
{
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

# needs TOOL...: without one of them there is nothing to test.
needs()
{
	for tool; do
		command -v "$tool" >/dev/null || skip_all "$tool is not installed"
	done
}

done_testing()
{
	printf '1..%d\n' "$tests_run" >&3
}
