#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The same storms on 6.1 and 7.3, stock and with their series, as modtrace reports them. What
# differs is in the table below, and why:
#
# held	eight finit_module() of one file while its init is held. From 6.5 on stock merges them, and
#	7.3 with its series returns 0 where 6.1 returns -EEXIST.
# live	four more, one after another, when the module is live. The series answer before the read;
#	stock reads four files for nothing.
# init	eight init_module() at once. The series merge by name what was copied; no stock kernel does.
# fails	eight of a file whose init fails: the winner's error is shared (7.3) or told as busy (6.1).
# asks	eight requests for one name. The series start one modprobe; stock starts eight.
#
# Of 7.3 two more, which the fixes to its answers are about:
#
# refused	eight of a large file whose module is on module_blacklist: one reads it for all.
# restarted	a signal has the winner's init return -ERESTARTSYS; its call starts again. Stock hands out
#	512 to those who wait; with the series one of them loads the module.
set -u
. "$(dirname -- "$0")/mainline.sh"

compare v7.3 'ok=8 8 1 7 0 0 0 0 false' "$exist4 4 0 4 0 0 0 0 false" \
	'EEXIST=7 ok=1 8 1 7 0 0 0 7 false' 'ENODEV=8 8 0 7 0 0 1 0 false' 'ret_0=8 8 7'
is 'v7.3: refused' "$(value refused.told)" 'EPERM=8 '
ok 'v7.3: refused, by what one of them read' test "$(readers refused)" -le 2
# The call that starts again comes while another loads the module, or after it has.
like 'v7.3: restarted' "$(value restarted.told)" '^(EEXIST=1 ok=3|ok=4) $'
compare v6.1 'EEXIST=7 ok=1 8 1 7 0 0 0 0 false' "$exist4 4 0 4 0 0 0 0 false" \
	'EEXIST=7 ok=1 8 1 7 0 0 0 7 false' 'EBUSY=7 ENODEV=1 8 0 7 0 0 1 0 false' 'ret_0=8 8 7'
compare v7.3-stock 'ok=8 8 1 7 0 0 0 0 false' "$exist4 4 0 0 4 0 0 4 false" \
	'EEXIST=7 ok=1 8 1 0 7 0 0 7 (true|false)' 'ENODEV=8 8 0 7 0 0 1 0 false' 'ret_0=8 8 0'
compare v6.1-stock 'EEXIST=7 ok=1 8 1 0 7 0 0 7 true' "$exist4 4 0 0 4 0 0 4 true" \
	'EEXIST=7 ok=1 8 1 0 7 0 0 7 true' 'EBUSY=7 ENODEV=1 8 0 0 0 7 1 7 true' 'ret_0=8 8 0'

done_testing
