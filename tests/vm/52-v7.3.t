#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The core of the tests of the series, which run on 6.1 otherwise, on 7.3.
set -u
. "$(dirname -- "$0")/mainline.sh"

for test in 10-gates 17-files 18-stats; do
	whole v7.3 $test
done
done_testing
