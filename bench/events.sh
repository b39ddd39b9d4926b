# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# 10 million events for the benches of speed: storms of 62 tasks on 8 CPUs for one module each, from
# tests/tool/genperf, which says in the file's header that it made them. $modtrace is built as for use,
# without sanitizers. Source it, with [MILLIONS [RUNS]], behind lab/common.sh.

millions=${1:-10}
# shellcheck disable=SC2034 # for who sources this
runs=${2:-3}
out=$build/bench/$me
mkdir -p "$out"

"$top/lab/setup.sh"
make -s -C "$top/tools/modtrace" O="$out/modtrace" all "$out/modtrace/libmodtrace.a"
# shellcheck disable=SC2034
modtrace=$out/modtrace/modtrace
# shellcheck disable=SC2046 # flags are words
cc -O2 -std=gnu11 -D_GNU_SOURCE -Wl,--wrap=pwrite,--wrap=ftruncate -I"$top/tools/modtrace" -o "$out/genperf" \
	"$top/tests/tool/genperf.c" "$out/modtrace/libmodtrace.a" \
	$(pkg-config --libs libtraceevent libtracefs libtracecmd libzstd) -lm

say "generating $millions million events"
"$top/bench/storms.sh" >"$out/storms"
each=$(grep -vc round "$out/storms")
"$out/genperf" --repeat=$((millions * 1000000 / each + 1)) "$out/events.data" <"$out/storms"

# measure FIGURES OUTPUT COMMAND...: adds seconds of the user's and the system's CPU time, and of the
# clock, and the most memory in kB (ru_maxrss, with the pages of mapped files) to FIGURES
measure()
{
	figures=$1
	shift
	python3 -c '
import os, sys, time
begin = time.monotonic()
pid = os.fork()
if not pid:
	os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
	os.dup2(os.open("/dev/null", os.O_WRONLY), 2)
	os.execvp(sys.argv[2], sys.argv[2:])
used = os.wait4(pid, 0)[2]
print(f"{used.ru_utime:.2f} {used.ru_stime:.2f} {time.monotonic() - begin:.2f} {used.ru_maxrss}")' "$@" >>"$figures"
}
