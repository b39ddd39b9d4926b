#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The series on 6.12: the core of what tests/vm/ has for the others, and the storms of 51-mainline.t,
# which differ from those of 7.3 in two things. An init's -EEXIST reaches its caller; stock hands it
# to those who wait, and so does the series with share. Whether stock lays out more than one of eight
# init_module() at once depends on when they look at the list of modules.
set -u
. "$(dirname -- "$0")/mainline.sh"

for test in 10-gates 10-record 17-files 18-stats; do
	whole v6.12 $test
done

compare v6.12 'ok=8 8 1 7 0 0 0 0 false' "$exist4 4 0 4 0 0 0 0 false" \
	'EEXIST=7 ok=1 8 1 7 0 0 0 7 false' 'ENODEV=8 8 0 7 0 0 1 0 false' 'ret_0=8 8 7'
compare v6.12-stock 'ok=8 8 1 7 0 0 0 0 false' "$exist4 4 0 0 4 0 0 4 false" \
	'EEXIST=7 ok=1 8 1 0 7 0 0 7 (true|false)' 'ENODEV=8 8 0 7 0 0 1 0 false' 'ret_0=8 8 0'

# exists KERNEL: what the callers get if it is the init that returns -EEXIST
exists()
{
	guest KERNEL="$1" CPUS=4 EXTRA="$extra" <<'EOG'
. /extra/lib.sh
storm -k -r $params/release -n 8 -p 'hold=1 fail=17' "$hold" >/out/exists.out
EOG
	scenarios_ok "$1: an init that says that it exists"
	is "$1: everybody is told so" "$(outcome exists)" EEXIST=8
}

exists v6.12-stock
exists v6.12

done_testing
