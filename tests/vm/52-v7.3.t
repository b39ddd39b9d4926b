#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# All tests of the series on 7.3. make test has the core of them for 6.1; the slow tier has all for 6.1, and the
# core for 6.12.
set -u
. "$(dirname -- "$0")/mainline.sh"

for test in 10-gates 11-failures 12-cycles 13-flips 14-refusals 16-suspend 17-files 18-stats 19-selftests \
	21-bounded 22-identity; do
	whole v7.3 $test
done
done_testing
