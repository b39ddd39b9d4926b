#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""variants.py SEED NAME: a generated recording of an unpatched kernel, NAME.events for genperf with its options
in the first line, and NAME.want, what a report has to count in it: known from what was generated, not from events.

The seed chooses kernel, architecture, clock and order, and mixes: loads that fail for every CPU, waiters that get
the winner's result, loads that don't end, files that are being written, repeats, and loads from memory."""
import errno
import json
import random
import sys

SHARES = (6, 5)		# from here a finit_module() of a file that is being loaded waits and gets that result
EARLY_NAME = (6, 4)	# from here a name that is taken is refused ahead of the layout

# finit_module, init_module, openat
CALLS = {"x86_64": (313, 175, 257), "aarch64": (273, 105, 56), "riscv64": (273, 105, 56), "loongarch64": (273, 105, 56),
	 "ppc64le": (353, 128, 286), "mips64": (5307, 5168, 5247), "alpha": (507, 307, 450)}
INIT_ERRORS = ("ENODEV ENXIO EIO ENOMEM ETIMEDOUT EPERM EINVAL EAGAIN EPROTO EEXIST EBUSY EBADF EFAULT "
	       "ENOENT EACCES ERANGE").split()
EARLY_ERRORS = "ENOEXEC EKEYREJECTED ENOENT EINVAL ENOMEM EBADMSG EFAULT EPERM".split()


class Boot:
	def __init__(self, seed):
		self.random = r = random.Random(seed)
		self.release = r.choice(["5.15.0", "6.1.170", "6.6.1", "6.12.111", "7.3.4"])
		self.version = tuple(int(n) for n in self.release.split(".")[:2])
		self.arch = r.choice(list(CALLS)) if seed % 2 else "x86_64"
		self.raw = seed % 2 == 1
		self.lines = []
		self.tid = 1000
		self.modules = {}
		self.totals = dict.fromkeys("attempts loaded merged exists busy interrupted failed in_flight "
					    "wasted_bytes failed_bytes dup_time_ns fail_time_ns rejected".split(), 0)
		self.totals["wait_ns"] = 0
		self.errno = {}

	def at(self, time, tid, text):
		self.lines.append((time, tid % 8, tid, text))

	def task(self, time):
		self.tid += self.random.randint(1, 3)
		self.lines.append((time - 500, 0, self.tid, "fork 90"))
		self.at(time - 400, self.tid, "comm (udev-worker)")
		return self.tid

	def enter(self, time, tid, fd, length=None):
		finit, init, _ = CALLS[self.arch]
		if not self.raw:
			self.at(time, tid, f"sys_enter_finit_module fd={fd}" if length is None else
				f"sys_enter_init_module umod=0x7f0000001000 len={length}")
		elif length is None:
			self.at(time, tid, f"sys_enter id={finit} a0={fd} a1=0x7f0000002000 a2=0")
		else:
			self.at(time, tid, f"sys_enter id={init} a0=0x7f0000001000 a1={length} a2=0x7f0000002000")

	def leave(self, time, tid, ret, memory=False):
		if self.raw:
			self.at(time, tid, f"sys_exit id={CALLS[self.arch][memory]} ret={ret}")
		else:
			self.at(time, tid, f"sys_exit_{'init' if memory else 'finit'}_module ret={ret}")

	def open(self, time, tid, path, fd):
		self.at(time, tid, f"open path={path}")
		if self.raw:
			# Another call in between, which nobody asks about
			self.at(time + 10, tid, "sys_enter id=1 a0=2 a1=0x7f0000003000 a2=80")
			self.at(time + 20, tid, "sys_exit id=1 ret=80")
			self.at(time + 30, tid, f"sys_exit id={CALLS[self.arch][2]} ret={fd}")
		else:
			self.at(time + 30, tid, f"sys_exit_openat ret={fd}")

	def count(self, module, outcome, ret, began=0, ended=0, spent=0):
		row = self.modules.setdefault(module["name"], {"attempts": 0})
		for counts in (self.totals, row):
			counts["attempts"] += 1
			counts[outcome] = counts.get(outcome, 0) + 1
		if ret and outcome != "in_flight":
			name = errno.errorcode[-ret]
			self.errno[name] = self.errno.get(name, 0) + 1
		if outcome in ("merged", "exists", "busy"):
			self.totals["wasted_bytes"] += spent
			self.totals["dup_time_ns"] += ended - began
		elif outcome in ("failed", "interrupted"):
			self.totals["failed_bytes"] += spent
			self.totals["fail_time_ns"] += ended - began
		if outcome == "merged" and self.version >= SHARES:
			self.totals["wait_ns"] += ended - began

	def module(self):
		n = len(self.modules) + self.random.randint(0, 9) * 100
		name = f"mod-{n}_x"
		module = {"file": f"{name}.ko", "name": name.replace("-", "_"), "ino": 5000 + n * 7 + len(self.lines),
			  "bytes": self.random.randint(1000, 3000000), "layout": self.random.randint(1, 900) * 4096}
		self.modules.setdefault(module["name"], {"attempts": 0})
		return module

	def call(self, module, time):
		"""Open and enter. Return: thread, and time of the entry."""
		tid = self.task(time)
		fd = self.random.randint(3, 9)
		self.open(time, tid, "/lib/modules/x/kernel/" + module["file"], fd)
		self.enter(time + 100, tid, fd)
		return tid, time + 100

	def work(self, module, tid, time, upto):
		"""What a load does as far as: read, layout, load. Return: bytes."""
		self.at(time + 50, tid, f"read file={module['file']} ino={module['ino']} dev=1")
		self.at(time + 200, tid, f"read_done bytes={module['bytes']}")
		spent = module["bytes"]
		if upto in ("layout", "load"):
			self.at(time + 250, tid, f"alloc bytes={module['layout']}")
			spent += module["layout"]
		if upto == "load":
			self.at(time + 300, tid, f"load name={module['name']}")
		return spent

	def failing(self, time):
		"""A module that fails for each CPU that asks, each time by itself."""
		module, early = self.module(), self.random.random() < 0.4
		ret = -getattr(errno, self.random.choice(EARLY_ERRORS if early else INIT_ERRORS))
		if self.version >= SHARES and ret == -errno.EEXIST:
			ret = -errno.EBUSY
		for _ in range(self.random.randint(1, 40)):
			tid, began = self.call(module, time)
			spent = self.work(module, tid, began, "layout" if early else "load")
			ended = began + self.random.randint(400, 9000)
			self.leave(ended, tid, ret)
			self.count(module, "failed", ret, began, ended, spent)
			# Without waiters each may begin within another.
			time = ended + 1000 if self.version >= SHARES else time + self.random.randint(10, 9000)
		return time

	def shared(self, time):
		"""One works, the others wait for it; its result is everybody's."""
		module = self.module()
		ret = self.random.choice([0, 0] + [-getattr(errno, e) for e in
				"ENODEV ENXIO ENOMEM EBUSY ENOENT EINVAL ETIMEDOUT EPERM".split()])
		winner, began = self.call(module, time)
		spent = self.work(module, winner, began, "load")
		ended = began + self.random.randint(100000, 900000)
		self.leave(ended, winner, ret)
		self.count(module, "failed" if ret else "loaded", ret, began, ended, spent)
		for _ in range(self.random.randint(0, 30)):
			tid, began = self.call(module, time + self.random.randint(400, 99000))
			if self.random.random() < 0.1:
				end = began + self.random.randint(1, 400)
				self.leave(end, tid, -errno.EINTR)
				self.count(module, "interrupted", -errno.EINTR, began, end)
				continue
			end = ended + self.random.randint(1, 50000)
			self.leave(end, tid, ret)
			self.count(module, "merged", ret, began, end)
		time = ended + 60000
		for _ in range(self.random.randint(0, 5) if not ret else 0):
			tid, began = self.call(module, time)
			spent = self.work(module, tid, began, "read")
			end = began + self.random.randint(300, 9000)
			self.leave(end, tid, -errno.EEXIST)
			self.count(module, "exists", -errno.EEXIST, began, end, spent)
			time = end + 1000
		return time

	def each(self, time):
		"""Before waiters: each reads; one has the name, and the others are refused."""
		module = self.module()
		upto = "read" if self.version >= EARLY_NAME else "layout"
		winner, began = self.call(module, time)
		spent = self.work(module, winner, began, "load")
		ended = began + self.random.randint(100000, 900000)
		self.leave(ended, winner, 0)
		self.count(module, "loaded", 0, began, ended, spent)
		for _ in range(self.random.randint(0, 30)):
			tid, began = self.call(module, time + self.random.randint(400, 99000))
			spent = self.work(module, tid, began, upto)
			outcome = self.random.choice(["exists", "busy"])
			ret = -errno.EEXIST if outcome == "exists" else -errno.EBUSY
			end = ended + self.random.randint(300, 50000)
			self.leave(end, tid, ret)
			self.count(module, outcome, ret, began, end, spent)
		return ended + 60000

	def endless(self, time):
		"""It doesn't end, nor does who waits for it; some are killed in it."""
		module = self.module()
		tid, began = self.call(module, time)
		self.work(module, tid, began, self.random.choice(["read", "layout", "load"]))
		self.count(module, "in_flight", 0)
		if self.random.random() < 0.5:
			self.at(time + 90000000, tid, "exit")
		for _ in range(self.random.randint(0, 9) if self.version >= SHARES else 0):
			self.call(module, time + self.random.randint(400, 99000))
			self.count(module, "in_flight", 0)
		return time + 1000

	def writer(self, time):
		"""A file that is open for writing: refused, and no other load explains it."""
		module = self.module()
		for _ in range(self.random.randint(1, 5)):
			tid, began = self.call(module, time)
			self.leave(began + 70, tid, -errno.ETXTBSY)
			self.count(module, "failed", -errno.ETXTBSY, began, began + 70)
			time = began + 1000
		return time

	def refused(self, time):
		"""No attempt: not allowed, or no descriptor."""
		for _ in range(self.random.randint(1, 5)):
			tid = self.task(time)
			self.enter(time, tid, 99)
			self.leave(time + 50, tid, -self.random.choice([errno.EBADF, errno.EPERM]))
			self.totals["rejected"] += 1
			time += 1000
		return time

	def memory(self, time):
		"""Who unpacks modules by itself: the image is its own, and there is no waiting."""
		module = self.module()
		for n in range(self.random.randint(1, 12)):
			tid, length = self.task(time), module["bytes"]
			self.open(time, tid, "/lib/modules/x/kernel/" + module["file"], 4)
			self.enter(time + 100, tid, 4, length)
			spent, end = length, time + self.random.randint(1000, 9000)
			if not n or self.version < EARLY_NAME:
				self.at(time + 200, tid, f"alloc bytes={module['layout']}")
				spent += module["layout"]
			if not n:
				self.at(time + 300, tid, f"load name={module['name']}")
			self.leave(end, tid, -errno.EEXIST if n else 0, True)
			self.count(module, "exists" if n else "loaded", -errno.EEXIST if n else 0, time + 100, end,
				   spent)
			time = end + 1000
		return time

	def run(self):
		kinds = [self.failing, self.endless, self.writer, self.refused, self.memory,
			 self.shared if self.version >= SHARES else self.each]
		for _ in range(self.random.randint(3, 12)):
			# From anywhere: what happens to other modules lies across it.
			self.random.choice(kinds)(self.random.randint(1, 3000) * 1000 + 1000000)


def main():
	seed, name = int(sys.argv[1]), sys.argv[2]
	boot = Boot(seed)
	boot.run()
	options = ["--stock", f"--release={boot.release}-generated", f"--arch={boot.arch}"]
	options += ["--raw"] if boot.raw else []
	options += boot.random.choice([["--pack"], [], ["--clock=7"], ["--clock=4"], ["--cgroups"]])
	lines = sorted(boot.lines, key=lambda line: line[0])
	# perf has a file in the order of buffers, each in that of time.
	if boot.random.random() < 0.7:
		cpus = list(range(8))
		boot.random.shuffle(cpus)
		lines.sort(key=lambda line: cpus.index(line[1]))
	with open(name + ".events", "w", encoding="ascii") as out:
		print("# genperf:", *options, file=out)
		print("0 0 1 comm systemd\n0 0 90 fork 1\n0 0 90 comm systemd-udevd", file=out)
		for time, cpu, tid, text in lines:
			print(time, cpu, tid, text, file=out)
	with open(name + ".want", "w", encoding="ascii") as out:
		rows = {name: row for name, row in boot.modules.items() if row["attempts"]}
		json.dump({**boot.totals, "errno": boot.errno, "modules": rows}, out, sort_keys=True)


main()
