#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by dracut before udev starts.
/usr/bin/modtrace-initramfs start
