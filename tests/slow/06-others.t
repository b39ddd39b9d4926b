#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The same storms recorded by perf and trace-cmd of Debian 12, 13 and the release after it, with each option that
# changes what they write (tests/vm/guest/recordings.sh): all are read, and say what storm counted. ONLY=regex
# takes some of them, KEEP=folder keeps the recordings.
set -u
. "$(dirname -- "$0")/../vm/lib.sh"

[ "$(id -u)" -eq 0 ] || skip_all "not root: nothing can be chrooted into"
needs mmdebstrap
modtrace=$top/build/modtrace/modtrace
"$top/lab/tools.sh"

# tools_of TREE: perf and trace-cmd of a tree, with their libraries, for a busybox guest
tools_of()
{
	rm -rf "$tmp/extra"
	mkdir -p "$tmp/extra/bin" "$tmp/extra/lib" "$tmp/extra/real"
	for tool in perf trace-cmd; do
		binary=$(chroot "$1" readlink -f /usr/bin/$tool)
		cp "$1$binary" "$tmp/extra/real/$tool"
		chroot "$1" ldd "$binary" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | while read -r lib; do
			cp -nL "$1$lib" "$tmp/extra/lib/"
		done
		# shellcheck disable=SC2016 # for the guest's shell
		printf '#!/bin/sh\nexec /extra/lib/ld.so --library-path /extra/lib /extra/real/%s "$@"\n' \
			$tool >"$tmp/extra/bin/$tool"
		chmod 755 "$tmp/extra/bin/$tool"
	done
	cp -L "$1/lib64/ld-linux-x86-64.so.2" "$tmp/extra/lib/ld.so"
	cp "$top/tests/vm/guest/recordings.sh" "$tmp/extra/"
}

# counted KEYS: what storm was told: all, and by errno
counted()
{
	awk -F= '/^(E[A-Z]+|ok)=/ { n[$1] += $2; all += $2 }
		END { printf "%d %d %d %d", all, n["EEXIST"], n["EBUSY"], n["ENOENT"] }' "$1"
}

for release in bookworm:v6.1-stock trixie:v6.1-stock forky:v7.3-stock; do
	suite=${release%:*} kernel=${release#*:}
	tree=$("$top/lab/debian-tree.sh" $suite linux-perf trace-cmd 2>"$tmp/log") || {
		skip "$suite: $(tail -n 1 "$tmp/log")"
		continue
	}
	tools_of "$tree"
	guest KERNEL=$kernel CPUS=4 MEM=3G TIMEOUT="${TIMEOUT:-2400}" EXTRA="$tmp/extra" <<EOG
export PATH=/extra/bin:\$PATH
mkdir /tmp/rec
sh /extra/recordings.sh /tmp/rec '${ONLY:-.}'
cp -r /tmp/rec /out/
EOG
	guest_ok "$suite: storms, recorded"
	diag "$suite has no: $(cut -d: -f1 "$out/rec/without" | tr '\n' ' ')"
	nr=0
	for keys in "$out"/rec/*.keys; do
		name=$(basename "$keys" .keys)
		file=$(echo "$out/rec/$name".da*)
		nr=$((nr + 1))
		# Nothing is sampled there, or only what the leader of the group has.
		case $name in
		perf-counts|perf-group)
			like "$suite: $name" "$("$modtrace" report -i "$file" 2>&1)" 'recorded no module loads'
			continue ;;
		esac
		"$modtrace" report -i "$file" --format=json >"$tmp/json" 2>"$tmp/err"
		# libtracecmd may have been built without a library for it.
		if grep -q "can't unpack zlib here" "$tmp/err"; then
			diag "$suite: $name: $(cat "$tmp/err")"
			continue
		fi
		# What isn't there was lost, and told.
		if [ "$(jq '.recording.lost' "$tmp/json")" = 0 ]; then
			is "$suite: $name" "$(jq -r '.totals | "\(.attempts) \(.errno.EEXIST // 0) \(
				.errno.EBUSY // 0) \(.errno.ENOENT // 0)"' "$tmp/json")" "$(counted "$keys")"
		fi
		case $name in
		tc-clock-counter*|tc-clock-uptime*|tc-clock-x86-tsc*|tc-buffers-uptime)
			is "$suite: $name: no times" "$(jq .recording.duration_ns "$tmp/json")" null ;;
		*)
			is "$suite: $name: seconds, not hours" "$(jq '.recording.duration_ns |
				. > 100000000 and . < 300000000000' "$tmp/json")" true ;;
		esac
	done
	ok "$suite: most options are there" test "${ONLY:+40}$nr" -ge 40
	[ -z "${KEEP-}" ] || cp -r "$out/rec" "$KEEP/$suite"
done
done_testing
