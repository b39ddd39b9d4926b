#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""hostile.py KIND OUT [BYTES]: a recording of BYTES (1,000,000) at most that holds as much as it can of one thing.
hostile.py --list: the kinds. tests/tool/costs.py measures what reports of them take.

KIND-z is KIND compressed: what unpacks to more than the reader takes is kept below that by random bytes ahead of it."""
import os
import random
import struct
import subprocess
import sys

IDENTIFIER, TID, TIME, CPU, RAW = 1 << 16, 1 << 1, 1 << 2, 1 << 7, 1 << 10
FULL = IDENTIFIER | TID | TIME | CPU | RAW
RATIO, ALLOWANCE, RECORD_MIN = 12, 2 << 20, 64		# of formats/unpack.c
START = 10 ** 9

COMMON = [("unsigned short common_type", 2), ("unsigned char common_flags", 1), ("unsigned char common_preempt_count", 1),
	  ("int common_pid", 4)]
U64, U32, S32, S64, U8, STR = "u64", "u32", "s32", "s64", "u8", "__data_loc char[]"
SIZES = {U64: 8, U32: 4, S32: 4, S64: 8, U8: 1, STR: 4, "unsigned long": 8}
EVENTS = {
	"module:module_load_begin": {"ino": U64, "dev": U32, "flags": U32, "syscall": U8, "file": STR},
	"module:module_load_merged": {"wait_ns": U64, "ret": S32, "leader": S32, "gate": U8, "name": STR},
	"module:module_load_end": {"read_bytes": U64, "image_bytes": U64, "layout_bytes": U64, "duration_ns": U64, "ret": S32,
				   "stage": U8, "name": STR},
	"module:module_load_exclusive_busy": {"ret": S32, "leader": S32, "file": STR},
	"module:module_autoload_dup": {"ip": "unsigned long", "wait_ns": U64, "wait": U8, "name": STR},
	"module:module_request": {"ip": "unsigned long", "wait": U8, "name": STR},
	"module:module_free": {"name": STR},
	"syscalls:sys_enter_finit_module": {"fd": U64},
	"syscalls:sys_exit_finit_module": {"ret": S64},
	"syscalls:sys_exit_openat": {"ret": S64},
	"modtrace_1:open": {"path": STR},
	"modtrace_1:read": {"file": STR, "ino": U64, "dev": U32},
	"module:module_load": {"name": STR},
}
SERIES = list(EVENTS)[:7]
STOCK = list(EVENTS)[5:]
SHORT = {name.split(":")[1]: name for name in EVENTS}


class Format:
	def __init__(self, name, number, fields=None):
		fields = EVENTS[name] if fields is None else fields
		self.number, self.at, offset = number, {}, 0
		text = "name: %s\nID: %d\nformat:\n" % (name.split(":")[1], number)
		for declaration, size in COMMON + [("", 0)] + [(kind + " " + field, SIZES[kind]) for field, kind in fields.items()]:
			if not declaration:
				text += "\n"
				continue
			kind, field = declaration.rsplit(" ", 1)
			text += "\tfield:%s;\toffset:%d;\tsize:%d;\tsigned:%d;\n" % (declaration, offset, size,
										  kind in ("int", S32, S64))
			self.at[field] = (offset, size)
			offset += size
		self.size = offset
		self.text = (text + '\nprint fmt: ""\n').encode()


FORMATS = {name: Format(name, 300 + i) for i, name in enumerate(EVENTS)}


def raw(name, tid, fields):
	f = FORMATS[SHORT[name]]
	data, tail = bytearray(f.size), b""
	struct.pack_into("<HxxI", data, 0, f.number, tid)
	for field, value in fields.items():
		offset, size = f.at[field]
		if isinstance(value, bytes):
			struct.pack_into("<I", data, offset, f.size + len(tail) | len(value) + 1 << 16)
			tail += value + b"\0"
		else:
			data[offset:offset + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "little")
	return bytes(data) + tail


def record(kind, body):
	body += bytes(-len(body) % 8)
	return struct.pack("<IHH", kind, 0, 8 + len(body)) + body


def sample(name, tid, time, cpu=0, /, **fields):
	data = raw(name, tid, fields)
	data += bytes(-(4 + len(data)) % 8)
	return record(9, struct.pack("<QIIQIII", 1000 + FORMATS[SHORT[name]].number, tid, tid, START + time, cpu, 0,
				     len(data)) + data)


def behind(tid, time):
	return struct.pack("<IIQIIQ", tid, tid, START + time, 0, 0, 1000 + 300)


def comm(tid, name, time):
	name += b"\0"
	return record(3, struct.pack("<II", tid, tid) + name + bytes(-len(name) % 8) + behind(tid, time))


def fork(tid, parent, time):
	return record(7, struct.pack("<IIIIQ", tid, parent, tid, parent, START + time) + behind(tid, time))


def leave(tid, time):
	return record(4, struct.pack("<IIIIQ", tid, 1, tid, 1, START + time) + behind(tid, time))


def lost(count, time):
	return record(2, struct.pack("<QQ", 0, count) + behind(1, time))


def cgroup(number, path, time):
	path += b"\0"
	return record(19, struct.pack("<Q", number) + path + bytes(-len(path) % 8) + behind(1, time))


def attr(config, layout=FULL, size=136, flags=1 << 18 | 1 << 9 | 1 << 13):
	return (struct.pack("<IIQQQQQ", 2, size, config, 1, layout, 0, flags) + bytes(136))[:size]


def tracing(formats):
	"""@formats: [(system, [text])]"""
	b = b"\x17\x08\x44tracing0.6\0" + struct.pack("<BBI", 0, 8, 4096)
	b += b"header_page\0" + bytes(8) + b"header_event\0" + bytes(8) + bytes(4) + struct.pack("<I", len(formats))
	parts = [b]
	for system, texts in formats:
		parts.append(system + b"\0" + struct.pack("<I", len(texts)))
		parts += [struct.pack("<Q", len(text)) + text for text in texts]
	return b"".join(parts) + bytes(16)


def perfdata(records, events=SERIES, formats=None, attrs=None, notes=None, host=b"hostile"):
	if formats is None:
		formats = [(name.split(":")[0].encode(), [FORMATS[name].text]) for name in events]
	if attrs is None:
		attrs = [(attr(FORMATS[name].number), struct.pack("<Q", 1000 + FORMATS[name].number)) for name in events]
	records = records or record(68, b"")
	entry = len(attrs[0][0]) + 16
	ids = b"".join(ids for _, ids in attrs)
	at, entries = 104, []
	for a, own in attrs:
		entries.append(a + struct.pack("<QQ", at, len(own)))
		at += len(own)
	head_end = at + entry * len(attrs)
	sections = [(1, tracing(formats)), (3, text(host)), (4, text(b"6.1.0")), (5, text(b"1")), (6, text(b"x86_64")),
		    (7, struct.pack("<II", 8, 8))] + ([(255, notes)] if notes is not None else [])
	bits, at, table = bytearray(32), head_end + len(records) + 16 * len(sections), b""
	for number, data in sections:
		bits[number // 8] |= 1 << number % 8
		table += struct.pack("<QQ", at, len(data))
		at += len(data)
	return (b"PERFILE2" + struct.pack("<8Q", 104, entry, 104 + len(ids), entry * len(attrs), head_end, len(records), 0, 0) +
		bytes(bits) + ids + b"".join(entries) + records + table + b"".join(data for _, data in sections))


TINY = [(attr(FORMATS[name].number, TIME | RAW, 64, 1 << 9 | 1 << 13), b"") for name in SERIES]


def tiny(kind, body):
	"""A file of nothing but records of @kind that are as short as they can be."""
	def make(n):
		return perfdata(b"".join(record(kind, body(i)) for i in range(n)), attrs=TINY)
	return make


def tiny_packed(kind, body):
	def make(size):
		records = [record(kind, body(i)) for i in range((RATIO * size + ALLOWANCE) // RECORD_MIN)]
		return pack_to(records, size - 9000, lambda data: perfdata(data, attrs=TINY), RECORD_MIN * len(records))
	return make


def text(s):
	s += b"\0"
	s += bytes(-len(s) % 4)
	return struct.pack("<I", len(s)) + s


def zstd(data):
	return subprocess.run(["zstd", "-q", "-c", "-6", "--long=24"], input=data, stdout=subprocess.PIPE, check=True).stdout


def packed(plain):
	data = zstd(plain)
	return b"".join(struct.pack("<IHH", 81, 0, 8 + len(data[i:i + 65000])) + data[i:i + 65000]
			for i in range(0, len(data), 65000))


def pack_to(records, size, build, counted=None):
	"""As many of @records as can be unpacked of a file of @size, random bytes that are no event ahead of them.
	@counted: what they count as, if not their size."""
	r, n, most = random.Random(1), len(records), RATIO * size + ALLOWANCE
	each = (counted or sum(map(len, records))) / n
	while True:
		plain = b"".join(records[:n])
		z = len(zstd(plain))
		filler = max(0, min(size - z - 9000, int(most - n * each)))
		need = (n * each + filler - ALLOWANCE) / RATIO - (z + filler)
		if z + 9000 <= size and need <= 0:
			break
		n = min(int(n * 0.97), int(n * size / (z + 9000)), int(n * most / (n * each + filler)))
	ahead = b"".join(record(69, r.randbytes(60000)) for _ in range(filler // 60008))
	return build(packed(ahead + plain))


# -- kinds: functions of how many, that return records, or a whole file --

KINDS = {}


def kind(events=SERIES, whole=False):
	def add(function):
		KINDS[function.__name__.replace("_", "-")] = (function, events, whole)
		return function
	return add


def begin(tid, time, file=b"m.ko", ino=1, **more):
	return sample("module_load_begin", tid, time, ino=ino, dev=1, file=file, **more)


def end(tid, time, name=b"m", ret=-17, stage=1, **more):
	return sample("module_load_end", tid, time, ret=ret, stage=stage, name=name, read_bytes=9, layout_bytes=5, **more)


def load(tid, time, name, ret=-17, stage=1, took=5, ino=1):
	return begin(tid, time, name + b".ko", ino) + end(tid, time + took, name, ret, stage)


@kind()
def names(i):
	return sample("module_request", 5, i, ip=1, name=b"%d" % i)


@kind()
def names_long(i):
	return load(5, 10 * i, b"%d" % i + b"n" * 50)


@kind()
def names_invisible(i):
	return load(5, 10 * i, ("\u202e\u200b%d" % i).encode() + "\u0301\u200d\ufeff\U000e0041".encode() * 4)


@kind()
def names_raw(i):
	return load(5, 10 * i, b"%d" % i + b"\1\x1b[2J\xff\xfe<&\"\\\x80" * 4)


@kind()
def sites(i):
	return sample("module_request", 5, i, ip=0xffffffff81000000 + i, name=b"n", wait=1)


@kind()
def fruitless(i):
	return sample("module_request", 5, i, ip=1, name=b"net-pf-%d" % (i // 8), wait=1)


@kind()
def fruitless_loads(i):
	return load(7, 10 * i, b"x%d" % i) if i % 9 == 8 else sample("module_request", 5, 10 * i, ip=1, name=b"%d" % (i // 9))


@kind()
def requests_open(i):
	return sample("module_request", 5 + i, i, ip=1, name=b"n%d" % (i % 50), wait=1)


@kind()
def requests_closed(i):
	return sample("module_request", 5 + i % 3000, i, ip=1, name=b"n", wait=1) + \
		(sample("module_autoload_dup", 6 + i % 2999, i, ip=1, name=b"n", wait_ns=5) if i > 3000 else b"")


@kind()
def deadlk(i):
	return begin(1000 + i // 2, i) if i % 2 else end(900, i, b"x", -35, 0)


@kind()
def deadlk_asked(i):
	return (sample("module_request", i % 64 + 1, i, ip=1, name=b"r%d" % (i % 64)) if i < 20000 and i % 10 == 0 else b"") + \
		(begin(i % 64 + 1, i) if i < 64 else end(900 + i % 7, i, b"x%d" % (i % 300), -35, 0))


@kind()
def open_attempts(i):
	return begin(100 + i, i)


@kind()
def open_one_thread(i):
	return begin(100, i)


@kind()
def open_modules(i):
	return begin(100 + i, i, b"m%d.ko" % i, i + 1)


@kind()
def ends_only(i):
	return end(100 + i, i, b"m%d" % (i % 50))


@kind()
def modules(i):
	return load(5, 10 * i, b"m%d" % i, 0, 7)


@kind()
def modules_cpus(i):
	return load(5 + i % 4000, 10 * i, b"m%d" % (i // 8), -17 if i % 8 else 0)


@kind()
def comms(i):
	return comm(100, b"%d" % i, i)


@kind()
def comms_threads(i):
	return comm(100 + i, b"%d" % i, i)


@kind()
def forks(i):
	return fork(i + 2, i + 1, i)


@kind()
def forks_one(i):
	return fork(i + 2, 1, i)


@kind()
def forks_deep_loads(i):
	return fork(i + 2, i + 1, 3 * i) + comm(i + 2, b"t%d" % (i % 977), 3 * i) + begin(i + 2, 3 * i + 1)


@kind()
def forks_exits(i):
	return fork(i + 2, 1, 2 * i) + leave(i + 2, 2 * i + 1)


@kind()
def requesters(i):
	return comm(5, b"c%d" % i, 10 * i) + load(5, 10 * i + 1, b"m")


@kind()
def requesters_parents(i):
	return comm(i + 2, b"c%d" % i, 10 * i) + fork(i + 2 + (1 << 20), i + 2, 10 * i) + load(i + 2 + (1 << 20), 10 * i + 1, b"m%d" % (i % 9))


@kind()
def askers(i):
	return comm(5, b"c%d" % i, 10 * i) + sample("module_request", 5, 10 * i, ip=1, name=b"n%d" % (i % 3))


@kind()
def findings(i):
	n = i // 3
	return (sample("module_request", 5 + i % 3, 100 * i, ip=n, name=b"m%d" % n, wait=1) +
		load(5 + i % 3, 100 * i, b"m%d" % n, (-12, -17, -16, -110, -2)[i % 5], 5))


@kind()
def damage(i):
	return load(5 + i, 100 * i, b"a%d" % i, -16, 0) + load(5 + i, 100 * i + 10, b"b%d" % i, -2, 5)


@kind()
def waits(i):
	"""All wait for one."""
	if not i:
		return begin(1, 0)
	return begin(i + 1, i) + sample("module_load_merged", i + 1, 10 ** 7 + i, wait_ns=5 + i, ret=-17, leader=1, name=b"m") + \
		end(i + 1, 10 ** 7 + i, b"m", -17, 0)


@kind()
def waits_chain(i):
	"""Each waits for the one before."""
	return begin(i + 1, i) + sample("module_load_merged", i + 1, 10 ** 7 + i, wait_ns=5, ret=-17, leader=i or 1, name=b"m")


@kind()
def waits_turned(i):
	"""All that began first ends last."""
	return begin(i + 1, i) + end(i + 1, 10 ** 8 - i)


@kind()
def durations(i):
	"""Histograms with all the bins that there can be, each new one ahead of the others."""
	shift = 40 - i // 128 % 40
	return load(5, i << 42, b"m%d" % (i // 5120), -17, 1, (255 - i % 128) << shift)


@kind()
def durations_apart(i):
	return load(5 + i, 2000 * i, b"m%d" % (i % 40), -17, 1, 999)


@kind()
def errnos(i):
	return load(5, 10 * i, b"m", -1 - i % 4095)


@kind()
def errnos_modules(i):
	return load(5, 10 * i, b"m%d" % (i % 12), -4095 + i // 12 % 4095)


@kind()
def losses(i):
	return lost(1, i)


@kind()
def losses_open(i):
	return begin(100 + i, 2 * i) + lost(1, 2 * i + 1)


@kind()
def out_of_order(i):
	return begin(100 + i, 10 ** 8 - i)


@kind()
def shuffled(i):
	return begin(100 + i, i * 7919 % 1000003)


@kind()
def same_time(i):
	return begin(100 + i % 3000, 0) + end(100 + i % 3000, 0)


@kind()
def cpus(i):
	return sample("module_request", 5, i, i, ip=1, name=b"n")


@kind()
def rounds(i):
	return begin(100 + i, i) + record(68, b"")


@kind()
def cgroups(i):
	return cgroup(i, b"/system.slice/u%d.service" % i, i)


@kind()
def frees(i):
	return sample("module_free", 5, i, name=b"m%d" % i)


@kind()
def inodes(i):
	return load(5, 10 * i, b"m%d" % (i % 7), 0, 7, 5, i + 1)


@kind()
def perfetto_tracks(i):
	return comm(5 + i, b"t%d" % i, 20 * i) + load(5 + i, 20 * i, b"m%d" % (i % 100), 0, 7, 10 ** 6)


# Of a kernel without the series.

def opened(tid, time, path, fd):
	return sample("open", tid, time, path=path) + sample("sys_exit_openat", tid, time + 1, ret=fd)


@kind(STOCK)
def opens_one_thread(i):
	return opened(5, 2 * i, b"/m%d.ko" % i, i)


@kind(STOCK)
def opens_threads(i):
	return opened(5 + i, 2 * i, b"/m%d.ko" % i, 3)


@kind(STOCK)
def opens_forks(i):
	return (b"".join(opened(5, j, b"/m%d.ko" % j, j) for j in range(64)) if not i else b"") + fork(5 + i + 1, 5 + i, 100 + i)


@kind(STOCK)
def calls(i):
	return (opened(5 + i, 9 * i, b"/m%d.ko" % i, 3) + sample("sys_enter_finit_module", 5 + i, 9 * i + 2, fd=3) +
		sample("sys_exit_finit_module", 5 + i, 9 * i + 3, ret=-17))


@kind(STOCK)
def calls_open(i):
	return sample("sys_enter_finit_module", 5 + i, i, fd=3)


@kind(STOCK)
def calls_lost(i):
	return sample("sys_enter_finit_module", 5 + i, i, fd=3) + lost(1, i)


@kind(STOCK)
def flights(i):
	return (sample("sys_enter_finit_module", 5, 9 * i, fd=3) + sample("read", 5, 9 * i + 1, file=b"m", ino=i + 1, dev=1) +
		sample("sys_exit_finit_module", 5, 9 * i + 2, ret=0))


@kind(STOCK)
def devices(i):
	tid = 5 + i % 50
	return ((comm(tid, b"(udev-worker)", 0) if i < 50 else b"") +
		opened(tid, 9 * i, b"/sys/devices/pci0000:00/%04x:d%d/uevent" % (i, i % 977), 3) + opened(tid, 9 * i + 2, b"/lib/modules/m%d.ko" % (i % 60), 4) +
		sample("sys_enter_finit_module", tid, 9 * i + 4, fd=4) + sample("sys_exit_finit_module", tid, 9 * i + 5, ret=-17))


@kind(STOCK)
def device_deep(i):
	return ((comm(5, b"(udev-worker)", 0) if not i else b"") + opened(5, 9 * i, b"/sys/devices/" + b"d/" * 100 + b"%d/uevent" % i, 3) +
		sample("sys_enter_finit_module", 5, 9 * i + 4, fd=4))


# -- whole files --

@kind(whole=True)
def ids(n):
	at = [(attr(FORMATS[name].number), struct.pack("<Q", 1000 + FORMATS[name].number)) for name in SERIES]
	at[0] = (at[0][0], struct.pack("<%dQ" % n, *range(1, n + 1)))
	return perfdata(b"", attrs=at)


@kind(whole=True)
def attrs(n):
	return perfdata(b"", attrs=[(attr(300, size=64), struct.pack("<Q", i + 1)) for i in range(n)])


@kind(whole=True)
def attrs_names(n):
	return perfdata(b"", attrs=[(attr(i, size=64), b"") for i in range(n)], formats=[(b"module", [FORMATS[e].text for e in SERIES])])


@kind(whole=True)
def formats_same(n):
	return perfdata(b"", formats=[(b"module", [FORMATS[e].text for e in SERIES]),
				      (b"modtrace", [b"name: open\nID: %d\n" % (1000 + i) for i in range(n)])])


@kind(whole=True)
def formats_systems(n):
	return perfdata(b"", formats=[(b"module", [FORMATS[e].text for e in SERIES])] +
			[(b"modtrace%d" % i, [b"name: open\nID: %d\n" % (2000000 - i)]) for i in range(n)])


@kind(whole=True)
def formats_counted(n):
	return perfdata(b"", formats=[(b"module", [FORMATS[e].text for e in SERIES])] +
			[(b"modtrace%d" % i, [b"name: open\nID: %d\n" % (1000 + i)]) for i in range(n)],
			attrs=[(attr(300 + i), struct.pack("<Q", 1300 + i)) for i in range(len(SERIES))] +
			[(attr(1000 + i), b"") for i in range(n)])


@kind(whole=True)
def fields(n):
	t = FORMATS[SERIES[0]].text
	t = t.replace(b"\nprint fmt", b"".join(b"\tfield:u8 f%d;\toffset:8;\tsize:1;\tsigned:0;\n" % i for i in range(n)) + b"\nprint fmt")
	return perfdata(begin(5, 1), formats=[(b"module", [t] + [FORMATS[e].text for e in SERIES[1:]])])


def noted(line):
	def make(n):
		return perfdata(load(5, 1, b"m"), notes=b"".join(line(i) for i in range(n)))
	make.__name__ = line.__name__
	return make


for line in {
	"notes-symbols": lambda i: b"symbol %x s%d\n" % (0xffffffff81000000 + i, i),
	"notes-symbols-same": lambda i: b"symbol 1 s\n",
	"notes-states": lambda i: b"at_start s%d 1\n" % i,
	"notes-states-64": lambda i: b"at_end s%d 1\n" % (i % 64),
	"notes-markers": lambda i: b"marker %d m\n" % (10 ** 8 - i),
	"notes-sizes": lambda i: b"module_size %d m%d\n" % (i, i),
	"notes-empty": lambda i: b"\n",
	"notes-generator": lambda i: b"generator g\n",
}.items():
	KINDS[line[0]] = (noted(line[1]), SERIES, True)


for line in {
	"tiny-begin": (9, lambda i: struct.pack("<QIHH", START + i, 4, 300, 0)),
	"tiny-comm": (3, lambda i: struct.pack("<IIQ", i, i, i % 64 + 64)),
	"tiny-fork": (7, lambda i: struct.pack("<IIIIQ", i, i + 1, i, i + 1, START + i)),
	"tiny-exit": (4, lambda i: struct.pack("<IIIIQ", i, i + 1, i, i + 1, START + i)),
	"tiny-lost": (2, lambda i: struct.pack("<QQ", 0, 1)),
	"tiny-nothing": (9, lambda i: b""),
	"tiny-round": (68, lambda i: b""),
}.items():
	KINDS[line[0]] = (tiny(*line[1]), SERIES, True)
	KINDS[line[0] + "-packed"] = (tiny_packed(*line[1]), SERIES, None)


@kind(whole=True)
def note_long(n):
	return perfdata(load(5, 1, b"m"), notes=b"boot_id x\ngenerator " + b"g%20" * (n // 4) + b"\n")


@kind(whole=True)
def host_long(n):
	return perfdata(load(5, 1, b"m"), host=b"h" * n)


@kind(whole=True)
def boot(n):
	notes = b"boot_id x\nstart_ns %d\n" % START + b"".join(b"marker %d m%d\n" % (START + i * 1000, i) for i in range(250))
	return perfdata(b"".join(load(5 + i % 90, 10 * i, b"m%d" % (i % 300), (0, -17, -16)[i % 3], 7 if i % 3 == 0 else 1) for i in range(n)), notes=notes)


# -- trace.dat --

def tracedat(events, cpus=1, formats=None, page=4096, spread=None, v6_cpus=None):
	"""@events: [(cpu, delta, data)], in order of each CPU."""
	formats = formats or [(name.split(":")[0].encode(), [FORMATS[name].text]) for name in SERIES]
	header_page = (b"\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
		       b"\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n")
	b = b"\x17\x08\x44tracing6\0" + struct.pack("<BBI", 0, 8, page)
	b += b"header_page\0" + struct.pack("<Q", len(header_page)) + header_page + b"header_event\0" + bytes(8) + bytes(4)
	b += struct.pack("<I", len(formats))
	for system, texts in formats:
		b += system + b"\0" + struct.pack("<I", len(texts)) + b"".join(struct.pack("<Q", len(t)) + t for t in texts)
	comms = b"".join(b"%d c%d\n" % (i, i) for i in range(1, 100))
	b += bytes(4) + bytes(4) + struct.pack("<Q", len(comms)) + comms + struct.pack("<I", cpus)
	pages = [[] for _ in range(cpus)]
	used = [page] * cpus
	now = [START] * cpus
	for cpu, delta, data in events:
		data += bytes(-len(data) % 4)
		words = len(data) // 4
		item = struct.pack("<I", (words if words <= 28 else 0) | delta << 5) + (b"" if words <= 28 else struct.pack("<I", len(data) + 4)) + data
		if used[cpu] + len(item) > page - 16:
			pages[cpu].append([now[cpu], []])
			used[cpu] = 0
		now[cpu] += delta
		pages[cpu][-1][1].append(item)
		used[cpu] += len(item)
	b += b"flyrecord\0"
	at = len(b) + 16 * cpus
	at += -at % page
	table, data = b"", []
	for cpu in range(cpus):
		table += struct.pack("<QQ", at, page * len(pages[cpu]))
		at += page * len(pages[cpu])
		for time, items in pages[cpu]:
			body = b"".join(items)
			data.append(struct.pack("<QQ", time, len(body)) + body + bytes(page - 16 - len(body)))
	b += table
	return b + bytes(-len(b) % page) + b"".join(data)


def section(number, data, flags=0):
	return struct.pack("<HHIQ", number, flags, 0, len(data)) + data


def tracedat_packed(pages, copies):
	"""Version 7, whose CPUs' data is @copies times the same pages, packed."""
	old = tracedat([])
	magic = b"\x17\x08\x44tracing7\0" + struct.pack("<BBI", 0, 8, 4096) + b"zstd\0001.5.4\0"
	formats = b"".join(struct.pack("<Q", len(FORMATS[e].text)) + FORMATS[e].text for e in SERIES)
	start, b = old.index(b"header_page"), magic + bytes(8)
	options = b""
	for number, data in ((16, old[start:old.index(b"header_event")] + b"header_event\0" + bytes(8)), (17, bytes(4)),
			     (18, struct.pack("<I", 1) + b"module\0" + struct.pack("<I", len(SERIES)) + formats),
			     (19, bytes(4)), (20, bytes(4)), (21, bytes(8))):
		options += struct.pack("<HIQ", number, 8, len(b))
		b += section(number, data)
	z = zstd(pages)
	chunks = struct.pack("<I", copies) + (struct.pack("<II", len(z), len(pages)) + z) * copies
	at = len(b) + 16
	options += struct.pack("<HII", 8, 4, 1)
	buffer = struct.pack("<Q", len(b)) + b"\0local\0" + struct.pack("<IIIQQ", 4096, 1, 0, at, len(chunks))
	b += section(3, chunks, 1)
	options += struct.pack("<HI", 3, len(buffer)) + buffer + struct.pack("<HIQ", 0, 8, 0)
	b = b[:len(magic)] + struct.pack("<Q", len(b)) + b[len(magic) + 8:]
	return b + section(0, options)


def dat_pages(count):
	"""Pages full of the shortest event there is."""
	data = struct.pack("<IHHI", 2 | 1 << 5, 300, 0, 5) * 339
	return b"".join(struct.pack("<QQ", START + i * 1000, len(data)) + data + bytes(4080 - len(data)) for i in range(count))


@kind(whole=True)
def dat_packed(n):
	return tracedat_packed(dat_pages(256), max(1, n // 100))


@kind(whole=True)
def dat_packed_once(n):
	return tracedat_packed(dat_pages(max(1, n // 40)), 1)


@kind(whole=True)
def dat_packed_zeros(n):
	# A chunk has 32 bits for what it unpacks to, and a GiB is enough.
	return tracedat_packed(bytes(4096 * max(1, min(n, 1 << 18))), 1)


@kind(whole=True)
def dat_open(n):
	return tracedat([(0, 1, raw("module_load_begin", 100 + i, {"file": b"m.ko", "ino": 1})) for i in range(n)])


@kind(whole=True)
def dat_small(n):
	return tracedat([(0, 1, struct.pack("<HxxI", 300, 100 + i)) for i in range(n)])


@kind(whole=True)
def dat_unknown(n):
	return tracedat([(0, 1, struct.pack("<HH", 7, 0)) for i in range(n)])


@kind(whole=True)
def dat_names(n):
	return tracedat([(0, 1, raw("module_request", 5, {"name": b"%d" % i})) for i in range(n)])


@kind(whole=True)
def dat_cpus(n):
	return tracedat([(i, 1 + i, raw("module_load_begin", 100 + i, {"file": b"m.ko"})) for i in range(n)], n)


@kind(whole=True)
def dat_cpus_small_pages(n):
	return tracedat([(i % max(1, n // 10), 1, raw("module_load_begin", 100 + i, {"file": b"m.ko"})) for i in range(n)], max(1, n // 10), page=1024)


@kind(whole=True)
def dat_formats(n):
	return tracedat([(0, 1, raw("module_load_begin", 100 + i, {"file": b"m.ko"})) for i in range(10)],
			formats=[(b"module", [FORMATS[e].text for e in SERIES]),
				 (b"modtrace", [b"name: open\nID: %d\nformat:\n\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n" % (1000 + i) for i in range(n)])])


def make(name, size):
	base = name[:-2] if name.endswith("-z") else name
	function, events, whole = KINDS[base]
	if whole is None:
		return function(size)
	if whole:
		n = 1000
		for _ in range(8):
			data = function(n)
			if size * 0.97 < len(data) <= size:
				break
			n = max(1, int(n * (size * 0.985) / len(data)))
		while len(data) > size and n > 1:
			n = int(n * 0.9)
			data = function(n)
		return data
	records, total, i = [], 0, 0
	most = RATIO * size + ALLOWANCE if base != name else size - 8000
	while total < most:
		r = function(i)
		i += 1
		total += len(r)
		records.append(r)
	if base == name:
		return perfdata(b"".join(records[:-1]), events)
	return pack_to(records, size, lambda data: perfdata(data, events))


def main():
	if sys.argv[1:] == ["--list"]:
		for name, (_, _, whole) in KINDS.items():
			print(name)
			if whole is False:
				print(name + "-z")
		return
	data = make(sys.argv[1], int(sys.argv[3]) if len(sys.argv) > 3 else 1000000)
	with open(sys.argv[2], "wb") as out:
		out.write(data)


if __name__ == "__main__":
	main()
