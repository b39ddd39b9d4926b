#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What a boot leaves, metrics for node_exporter and a picture: whole or not at all, and only if asked for.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
cd "$tmp" || exit 1
mkdir bin run state dir
ln -s "$modtrace" bin/modtrace
sed "s,@bindir@,$tmp/bin,g" "$top/contrib/boot/metrics.sh" >metrics.sh
export MODTRACE_RUN="$tmp/run" MODTRACE_STATE="$tmp/state"
prom=dir/modtrace_boot.prom

sh metrics.sh dir >out 2>&1
is 'without a recording: fails' $? 1
like 'and says so' "$(cat out)" 'no recording of a boot'
cp "$top/tests/data/boot-stock.data" state/boot.data
sh metrics.sh elsewhere >out 2>&1
is 'without a directory: fails' $? 1
like 'and says so' "$(cat out)" 'elsewhere: no such directory'
ok 'writes' sh metrics.sh dir
is 'all may read it' "$(stat -c %a $prom)" 644
is 'nothing else is left' "$(ls -A dir)" modtrace_boot.prom
is 'it is the report' "$(cat $prom)" "$("$modtrace" report -i state/boot.data --format=openmetrics)"

cp "$top/tests/data/boot-patched.data" run/boot.data
ok 'a recording that could not be moved' sh metrics.sh dir
like 'is taken' "$(cat $prom)" 'kernel="6.1.192-modtrace"'

echo damaged >run/boot.data
sh metrics.sh dir >out 2>&1
is 'a damaged recording: fails' $? 1
like 'and says whose metrics are left' "$(cat out)" 'not reported; dir/modtrace_boot.prom is of an earlier boot'
like 'the old ones stay' "$(cat $prom)" 'kernel="6.1.192-modtrace"'
is 'and nothing beside them' "$(ls -A dir)" modtrace_boot.prom

# Who reads while it is written finds all of it.
rm run/boot.data
(
	for _ in 1 2 3 4 5; do
		sh metrics.sh dir
	done
	: >written
) &
torn=0 reads=0
while [ ! -e written ]; do
	[ "$(tail -n 1 $prom)" = '# EOF' ] || torn=$((torn + 1))
	reads=$((reads + 1))
done
wait
ok 'it was read meanwhile' test "$reads" -gt 10
is 'and never in part' "$torn" 0

# The picture, likewise, beside the recording.
sed "s,@bindir@,$tmp/bin,g" "$top/contrib/boot/picture.sh" >picture.sh
rm -f state/boot.data
sh picture.sh >out 2>&1
is 'picture: without a recording: fails' $? 1
like 'picture: and says so' "$(cat out)" 'no recording of a boot'
cp "$top/tests/data/boot-stock.data" state/boot.data
chmod 640 state/boot.data
ok 'picture: drawn' sh picture.sh
"$modtrace" report -i state/boot.data --format=svg >wanted.svg
ok 'picture: it is what report draws' cmp state/boot.svg wanted.svg
is 'picture: may be read by who may read the recording' "$(stat -c %a state/boot.svg)" 640
cp "$top/tests/data/boot-patched.data" run/boot.data
ok 'picture: of a recording that could not be moved' sh picture.sh
ok 'picture: is beside that' test -s run/boot.svg
rm -r run/*
echo damaged >state/boot.data
sh picture.sh >out 2>&1
is 'picture: of a damaged recording: fails' $? 1
like 'picture: and says so' "$(cat out)" 'boot.data: not drawn'
is 'picture: none of another boot is left, and no part' "$(ls -A state)" boot.data

done_testing
