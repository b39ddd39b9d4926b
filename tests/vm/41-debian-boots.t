#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Boots of Debian 13 with 16 CPUs, with its own kernel and the newest that it has, agree with a count
# by probes. tests/slow/41-debian-boots.t has other releases and numbers of CPUs.
set -u
. "$(dirname -- "$0")/debian-boots.sh"

boots debian-6.12 debian13 16
boots debian-7.3 debian13 16
done_testing
