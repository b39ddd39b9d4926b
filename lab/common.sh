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

# The release a kernel image names in its header.
image_release()
{
	offset=$(od -An -tu2 -j 526 -N 2 "$1" | tr -d ' ')
	dd if="$1" bs=1 skip=$((offset + 512)) count=64 2>/dev/null | tr '\0' ' ' | cut -d' ' -f1
}
