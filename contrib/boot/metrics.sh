#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# metrics.sh DIRECTORY: writes the metrics of the last boot's recording for node_exporter's textfile
# collector. A reader finds the old file or the new one, never a part: a rename is what makes it new.
set -eu

directory=$1
# Where /var/lib could not be written, it stays where it was made.
recording=${MODTRACE_RUN:-/run/modtrace}/boot.data
[ -e "$recording" ] || recording=${MODTRACE_STATE:-/var/lib/modtrace}/boot.data

die()
{
	echo "modtrace-boot-metrics: $*" >&2
	exit 1
}

[ -e "$recording" ] || die "$recording: no recording of a boot"
[ -d "$directory" ] || die "$directory: no such directory; see modtrace-boot(8)"
# Not .prom: what has another name is not read.
next=$(mktemp "$directory/.modtrace_boot.XXXXXX")
trap 'rm -f "$next"' EXIT
@bindir@/modtrace report -i "$recording" --format=openmetrics >"$next" ||
	die "$recording: not reported; $directory/modtrace_boot.prom is of an earlier boot"
chmod 644 "$next"
mv -f "$next" "$directory/modtrace_boot.prom"
