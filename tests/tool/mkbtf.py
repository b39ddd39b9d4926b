#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""mkbtf.py OUTPUT [STRUCTURE...]: type information as /sys/kernel/btf/vmlinux has it, without those structures."""
import struct
import sys

STRUCTURES = {
    "qstr": [("hash", "long"), ("name", "long")],
    "dentry": [("d_flags", "long"), ("d_name", "qstr")],
    "path": [("mnt", "long"), ("dentry", "long")],
    "super_block": [("s_list", "long"), ("s_dev", "long")],
    "inode": [("i_mode", "long"), ("i_sb", "long"), ("i_ino", "long")],
    "file": [("f_mode", "long"), ("f_path", "path"), ("f_inode", "long")],
    "load_info": [("hdr", "long"), ("len", "long")],
}
strings = b"\0"
types = []
ids = {}


def text(name):
    global strings
    strings += name.encode() + b"\0"
    return len(strings) - len(name) - 1


def add(name, kind, extra, size, tail):
    types.append(struct.pack("<III", text(name), kind << 24 | extra, size) + tail)
    ids[name] = len(types), size


add("long", 1, 0, 8, struct.pack("<I", 64))
for name, members in STRUCTURES.items():
    if name in sys.argv[2:]:
        continue
    tail, at = b"", 0
    for member, kind in members:
        number, size = ids[kind]
        tail += struct.pack("<III", text(member), number, at * 8)
        at += size
    add(name, 4, len(members), at, tail)
body = b"".join(types)
with open(sys.argv[1], "wb") as f:
    f.write(struct.pack("<HBBIIIII", 0xeb9f, 1, 0, 24, 0, len(body), len(body), len(strings)) + body + strings)
