#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by dracut before the root is switched.
/usr/bin/modtrace-initramfs stop
