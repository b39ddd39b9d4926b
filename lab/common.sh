# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# What every script of the project starts with; source it.

# The scripts are all one folder below the top.
top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
# shellcheck disable=SC2034
build=$top/build
me=$(basename -- "$0" .sh)

say()
{
	printf '%s: %s\n' "$me" "$*" >&2
}

die()
{
	say "$*"
	exit 1
}

# One line that changes whenever a file below the given paths does.
fingerprint()
{
	find -L "$@" -type f -printf '%p %s %T@\n' | LC_ALL=C sort | sha256sum | cut -c1-16
}
