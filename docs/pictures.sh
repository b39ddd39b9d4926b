#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Makes docs/pictures/*.svg, the README's pictures of boots, from the sample boots in tests/data.
#
#	docs/pictures.sh
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

make -s -C "$top/tools/modtrace"
mkdir -p "$top/docs/pictures"
for boot in "$top"/tests/data/boot-*.data; do
	name=$(basename "$boot" .data)
	"$build/modtrace/modtrace" report -i "$boot" --format=svg >"$top/docs/pictures/$name.svg"
done
