#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Sourced by dracut.
sh "$NEWROOT/usr/lib/modtrace-lab/modules" "$NEWROOT"
