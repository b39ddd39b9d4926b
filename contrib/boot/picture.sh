#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# picture.sh: draws the last boot's recording as boot.svg beside it. A viewer finds the old picture or
# the new one, never a part, and none where the recording can't be drawn: the old one is another boot's.
set -eu

# Where /var/lib could not be written, it stays where it was made.
recording=${MODTRACE_RUN:-/run/modtrace}/boot.data
[ -e "$recording" ] || recording=${MODTRACE_STATE:-/var/lib/modtrace}/boot.data
picture=${recording%.data}.svg

die()
{
	echo "modtrace-boot-picture: $*" >&2
	exit 1
}

[ -e "$recording" ] || die "$recording: no recording of a boot"
next=$(mktemp "${recording%/*}/.boot.svg.XXXXXX")
trap 'rm -f "$next"' EXIT
@bindir@/modtrace report -i "$recording" --format=svg >"$next" || {
	rm -f "$picture"
	die "$recording: not drawn"
}
# It tells what the recording tells: whoever may read that may look at it.
chmod --reference="$recording" "$next"
mv -f "$next" "$picture"
