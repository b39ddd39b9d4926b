#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Makes the pictures of the screens, docs/screens/*.svg, from what a terminal shows: storms are
# recorded in a guest, and the recording looked at with report --tui.
#
#	docs/screens.sh [RECORDING]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

work=$build/screens
mkdir -p "$work" "$top/docs/screens"
recording=${1-}
if [ -z "$recording" ]; then
	mkdir -p "$work/extra"
	cp "$top/lab/storms.sh" "$work/extra/"
	"$top/lab/vm.sh" KERNEL=v6.1 CPUS=8 OUT="$work" EXTRA="$work/extra" RUN='
		. /extra/storms.sh
		storms_prepare
		modtrace record -o /out/storms.data -- \
			sh -c ". /extra/storms.sh; storms_prepare; storms_once; storms_once"' \
		>/dev/null || die "the guest failed"
	recording=$work/storms.data
fi
make -s -C "$top/tools/modtrace"
[ "$recording" -ef "$work/storms.data" ] || cp "$recording" "$work/storms.data"

# picture NAME COLUMNS LINES KEYS...
picture()
{
	name=$1 columns=$2 lines=$3
	shift 3
	socket=$work/tmux
	tmux -S "$socket" -f /dev/null new-session -d -x "$columns" -y "$lines" \
		"cd $work && TERM=tmux-256color LC_ALL=C.UTF-8 $build/modtrace/modtrace report --tui -i storms.data"
	sleep 1
	for key; do
		tmux -S "$socket" send-keys "$key"
		sleep 0.3
	done
	sleep 0.5
	tmux -S "$socket" capture-pane -e -p |
		python3 "$top/docs/ansi-to-svg.py" "$columns" "$lines" >"$top/docs/screens/$name.svg"
	tmux -S "$socket" kill-server
	sleep 0.3
}

picture modules 110 20
picture module 110 28 Enter Down Down + + + +
picture findings 110 20 F5
say "docs/screens/ has them"
