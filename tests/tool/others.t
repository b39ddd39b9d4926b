#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Recordings of other tools in forms of their own: a directory (perf record --threads), and system
# calls by their numbers (raw_syscalls). Whole ones are in tests/golden/, too.
set -u
. "$(dirname -- "$0")/../tap.sh"
. "$top/tests/tool/lib.sh"

build_tests
needs jq
cd "$tmp" || exit 1
data=$top/tests/data

# says WANTED DESCRIPTION FILE: attempts, loaded, exists, busy, failed
says()
{
	is "$2" "$("$modtrace" report -i "$3" --format=json 2>err |
		jq -c '.totals | [.attempts, .loaded, .exists, .busy, .failed]')" "$1"
}

# refused DESCRIPTION REGEX FILE: with one line and status 1
refused()
{
	"$modtrace" report -i "$3" >out 2>err
	is "$1: status" $? 1
	like "$1: said" "$(cat err)" "$2"
	is "$1: in one line" "$(grep -c . err)" 1
}

copy()
{
	rm -rf dir
	cp -r "$data/perf-6.12-threads.data" dir
	chmod -R u+w dir
}

python3 - "$data/trace-cmd-3.1-v7.dat" <<'END'
import sys
data = open(sys.argv[1], 'rb').read()
name, rest = data[18:].split(b'\0', 1)
open('zlib.dat', 'wb').write(data[:18] + b'zlib\0' + rest)
END
refused 'packed by what this library cannot unpack' 'unpack zlib here; record with .*--compression none' zlib.dat

# What is listed, and was only counted (perf record -n, or {...}:S), is not recorded: its period is 0.
cat >unsampled.py <<'END'
import struct, sys
data = bytearray(open(sys.argv[1], 'rb').read())
size, at, length = struct.unpack_from('<QQQ', data, 16)
for n in range(int(sys.argv[2]), length // size):
    struct.pack_into('<Q', data, at + n * size + 16, 0)
open('unsampled.data', 'wb').write(data)
END
for first in 0 1; do
	python3 unsampled.py "$data/perf-6.1-callgraph.data" $first
	refused "nothing from event $first on was sampled" 'recorded no module loads' unsampled.data
done

says '[10,0,0,1,9]' 'a directory is read' "$data/perf-6.12-threads.data"
refused 'the description of one alone' 'give the directory' "$data/perf-6.12-threads.data/data"
mkdir empty
refused 'another directory' 'empty: a directory, not a recording' empty
copy
rm dir/data.*
refused 'without its records' 'no dir/data.0' dir
copy
truncate -s 1000 dir/data
refused 'its description is cut' 'dir/data: cut or never closed' dir
copy
rm dir/data.2
mkfifo dir/data.2
refused 'a pipe in it, which nobody writes to' 'dir/data.2: not a file' dir
copy
size=$(stat -c %s dir/data.3)
truncate -s $((size - 20)) dir/data.3
"$modtrace" report -i dir --format=json >out 2>err
is 'a file of it that is cut: the rest is reported' $? 0
like 'and said' "$(cat err)" 'dir/data.3: cut or damaged at [0-9]* bytes'
# Any cut of its description and any byte of it that is wrong: a report or one line.
copy
cp dir/data whole
wrong=0
for at in $(seq 0 16 400) $(seq 37000 397 41629); do
	cp whole dir/data
	printf '\377\377\377\377' | dd of=dir/data bs=1 seek="$at" conv=notrunc 2>dd.log
	"$modtrace" report -i dir >out 2>err
	[ $? -le 1 ] || wrong=$((wrong + 1))
	head -c "$at" whole >dir/data
	"$modtrace" report -i dir >out 2>err
	[ $? -le 1 ] || wrong=$((wrong + 1))
done
is 'damaged descriptions: no crash' $wrong 0

# perf record --threads -z: each file is compressed by itself, in pieces that end inside records.
cat >pack.py <<'EOT'
import ctypes, ctypes.util, glob, struct, sys
zstd = ctypes.CDLL(ctypes.util.find_library("zstd"))
zstd.ZSTD_compress.restype = ctypes.c_size_t
zstd.ZSTD_compress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
def pack(data):
    room = ctypes.create_string_buffer(len(data) + 1000)
    size = zstd.ZSTD_compress(room, len(room), data, len(data), 1)
    return room.raw[:size]
for n, name in enumerate(sorted(glob.glob(sys.argv[1] + "/data.*"))):
    data, out = open(name, "rb").read(), b""
    for at in range(0, len(data), 701):
        piece = pack(data[at:at + 701])
        if n % 2:
            out += struct.pack("<IHH", 81, 0, 8 + len(piece)) + piece
        else:
            pad = -len(piece) % 8
            out += struct.pack("<IHHQ", 83, 0, 16 + len(piece) + pad, len(piece)) + piece + bytes(pad)
    open(name, "wb").write(out)
EOT
copy
python3 pack.py dir
ok 'its files are packed' sh -c '! cmp -s dir/data.3 "$1"' - "$data/perf-6.12-threads.data/data.3"
says '[10,0,0,1,9]' 'a directory of compressed files is read' dir
for format in json jsonl; do
	"$modtrace" report -i dir --format=$format >packed 2>err
	"$modtrace" report -i "$data/perf-6.12-threads.data" --format=$format >plain 2>err
	sed -i 's,"recording": "[^"]*",,' packed plain
	ok "all as in that of plain ones: $format" sh -c 'test -s plain && cmp plain packed'
done
printf '\377\377\377\377' | dd of=dir/data.1 bs=1 seek=20 conv=notrunc 2>dd.log
"$modtrace" report -i dir --format=json >out 2>err
is 'one of them is damaged: the others are reported' "$? $(jq '.totals.attempts > 0' out)" '0 true'
like 'and it is said' "$(cat err)" 'dir/data.1: cut or damaged at [0-9]* bytes'
# perf record --kcore: a directory, of which one file is the recording.
rm -rf dir
mkdir -p dir/kcore_dir
cp "$data/perf-6.1-zstd.data" dir/data
is 'a directory with a copy of the kernel is read' \
	"$("$modtrace" report -i dir --format=json | jq -c .totals)" \
	"$("$modtrace" report -i "$data/perf-6.1-zstd.data" --format=json | jq -c .totals)"

# One event in several buffers: once, where it happened, whichever had it first.
is 'several buffers: CPUs are those of the machine' "$("$modtrace" report --events --format=jsonl \
	-i "$data/trace-cmd-3.1-v6-buffers.dat" | jq -s -c 'map(.cpu) | unique')" '[0,1]'
is 'several buffers: each event once' "$("$modtrace" report --format=json \
	-i "$data/trace-cmd-3.1-v6-buffers.dat" | jq -c '[.recording.events, .totals.attempts, .totals.merged]')" \
	'[22,6,5]'

says '[10,1,9,0,0]' 'calls by their numbers' "$data/trace-cmd-3.3-raw.dat"
is 'their arguments are shown' "$("$modtrace" report --events --format=jsonl -i "$data/trace-cmd-3.3-raw.dat" |
	jq -s -c 'map(select(.event == "sys_enter" and .id == 313)) | [length, .[0].args_0 >= 0]')" '[10,true]'
says '[0,0,0,0,0]' 'calls by their numbers, none of which loads a module' "$data/perf-7.2-trace.data"
like 'and it says what else there is' "$("$modtrace" report -i "$data/perf-7.2-trace.data")" \
	'raw_syscalls:sys_enter +15'
sed 's/x86_64/vax-11/g' "$data/perf-7.2-trace.data" >vax.data
refused 'of an unknown architecture' 'by their numbers.*vax-11' vax.data

# What perf does with a recording of ours: a section that it doesn't know made perf inject crash.
if command -v perf >/dev/null; then
	"$genperf" --stock ours.data <"$top/tests/golden/stock.events"
	for command in 'inject -i ours.data -o injected.data' 'report --header-only -i ours.data' \
		'script -i ours.data'; do
		# shellcheck disable=SC2086 # words
		perf $command >out 2>err
		is "perf ${command%% *}" $? 0
	done
	"$modtrace" report -i ours.data --format=json | jq -c .totals >want
	is 'what perf inject wrote is read' \
		"$("$modtrace" report -i injected.data --format=json 2>err | jq -c .totals.attempts)" \
		"$(jq .attempts want)"
else
	skip 'perf is not installed'
fi
done_testing
