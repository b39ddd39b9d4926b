# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# A terminal for tests of the screens: tmux, on a socket of its own. Source it after tap.sh and
# tool/lib.sh.

needs tmux

export LC_ALL=C.UTF-8
# A busy machine takes its time between the bytes of one key.
export ESCDELAY=800
# shellcheck disable=SC2154 # tap.sh's
tmux_socket=$tmp/tmux
trap 'term_end; rm -rf "$tmp"' EXIT

term()
{
	tmux -S "$tmux_socket" -f /dev/null "$@" 2>/dev/null
}

# term_start COLUMNS LINES COMMAND: a shell that runs COMMAND, tells its status and stays.
term_start()
{
	term_end
	cat >"$tmp/session" <<EOF
stty -a >"$tmp/before"
trap : INT
$3
status=\$?
# Who was killed can't restore it, and the one that does it instead takes its moment.
tries=0
while stty -a >"$tmp/after"; ! cmp -s "$tmp/before" "$tmp/after" && [ \$tries -lt 50 ]; do
	tries=\$((tries + 1))
	sleep 0.1
done
echo "status=\$status"
echo "\$status" >"$tmp/status"
exec cat
EOF
	rm -f "$tmp/status" "$tmp/after"
	term new-session -d -x "$1" -y "$2" "exec sh $tmp/session"
}

term_end()
{
	term kill-server
	# The server takes its socket along; the next one must not meet it.
	tries=0
	while [ -S "$tmux_socket" ] && term list-sessions >/dev/null && [ $tries -lt 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	rm -f "$tmux_socket"
}

term_keys()
{
	term send-keys "$@"
}

term_screen()
{
	term capture-pane -p
}

# term_wait REGEX: until the screen has it, 10 s at most.
term_wait()
{
	tries=0
	while ! term_screen | grep -Eq -- "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.05
	done
}

# shows DESCRIPTION REGEX
shows()
{
	if term_wait "$2"; then
		report 0 "$1"
	else
		report 1 "$1"
		diag "wanted what matches '$2' on:"
		diag "$(term_screen)"
	fi
}

# A file that has to come.
wait_for()
{
	tries=0
	while [ ! -s "$1" ] && [ $tries -lt 200 ]; do
		sleep 0.05
		tries=$((tries + 1))
	done
	[ -s "$1" ]
}

# What the terminal is like: main screen, cursor shown, no mouse wanted.
term_modes()
{
	term display-message -p '#{alternate_on} #{cursor_flag} #{mouse_any_flag}'
}
