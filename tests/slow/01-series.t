#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What tests/patches/01-series.t says of the series, of that for 6.12.
SERIES=v6.12 exec "$(dirname -- "$0")/../patches/01-series.t"
