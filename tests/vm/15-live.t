#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# modtrace live on the patched kernel: it sees what record writes at the same time, and gives the
# console back when its command crashes and when it is told to end.
set -u
. "$(dirname -- "$0")/lib.sh"

modtrace=$top/build/modtrace/modtrace
[ -x "$modtrace" ] || skip_all 'modtrace is not built'
needs jq

guest KERNEL=v6.1 CPUS=4 TIMEOUT=240 <<'EOF'
export LC_ALL=C.UTF-8
xfs=$(modinfo -n xfs)
modprobe libcrc32c

# Watched and recorded at once. The last frame is printed when the command has ended.
modtrace record -o /out/live.data -- modtrace live --batch 1000 -d 20 -- \
	sh -c "storm -n 32 $xfs; rmmod xfs; storm -n 16 -i $xfs; rmmod xfs; exit 3" \
	>/out/frames 2>/out/frames.err
result frames.status $?

modtrace live --attempts -- storm -k -n 16 $xfs >/out/attempts 2>&1
result attempts.status $?
rmmod xfs

# The screens on the console, with a command that crashes; and then they are told to end.
console=/dev/ttyS0
stty -F $console sane rows 24 cols 80
stty -F $console -a >/tmp/before
cat >/tmp/screens <<'END'
echo $$ >/tmp/pid
exec modtrace live -- sh -c 'kill -SEGV $$'
END
TERM=vt100 setsid -c sh /tmp/screens <$console >$console 2>&1 &
screens=$!
sleep 6
stty -F $console -a >/tmp/during
kill -TERM "$(cat /tmp/pid)"
wait $screens
result screens.status $?
stty -F $console -a >/tmp/after
cmp -s /tmp/before /tmp/after
result screens.same $?
cmp -s /tmp/before /tmp/during
result screens.taken $?
modtrace live --batch 1 -d 0.5 >/out/nothing 2>&1
result nothing.status $?
EOF
guest_ok 'the guest'

is 'the status is the command'"'"'s' "$(value frames.status)" 3
"$modtrace" report -i "$out/live.data" --format=json >"$tmp/json" 2>"$tmp/err"
is 'the last frame has the rows of the recording' \
	"$(awk '$1 == "xfs" { row = $1 " " $2 " " ($4 == "-" ? 0 : $4) } END { print row }' \
		"$out/frames")" \
	"$(jq -r '.modules[] | select(.name == "xfs") | "\(.name) \(.attempts) \(.merged)"' \
		"$tmp/json")"
like 'all 48 attempts were seen' "$(cat "$out/frames")" '^ attempts 48:'
like 'the mode' "$(cat "$out/frames")" ' patched '
like 'the gates' "$(cat "$out/frames")" ' gates file=wait live=[1Y] name=[1Y] autoload=[1Y]'
like 'nothing was lost' "$(tail -n 25 "$out/frames")" ' lost 0$'
like 'the command has ended' "$(tail -n 25 "$out/frames")" 'command ended with status 3'
is 'a line an attempt: status' "$(value attempts.status)" 0
is 'a line an attempt' "$(grep -c ' xfs .*storm ' "$out/attempts")" 16
is 'one of them loaded it' "$(grep -c ' xfs  *loaded ' "$out/attempts")" 1
is 'SIGTERM ends the screens' "$(value screens.status)" 139
is 'the console was theirs' "$(value screens.taken)" 1
is 'and is as it was' "$(value screens.same)" 0
is 'nothing happens: status' "$(value nothing.status)" 0
like 'nothing happens: it says so' "$(cat "$out/nothing")" 'No module has been loaded yet'
done_testing
