#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# 50 storms on a kernel that looks at every access, lock and allocation; SEED= repeats them.
# tests/slow/30-debug-storms.t has 1,000.
set -u
. "$(dirname -- "$0")/debug.sh"

compressed "$series-debug" || exit 1
mayhem "$series-debug" "${STORMS:-50}" "${SEED:-$$}"
mayhem_ok
leaks_ok
done_testing
