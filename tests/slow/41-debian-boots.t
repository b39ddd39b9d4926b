#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What tests/vm/41-debian-boots.t does with Debian 13 and 16 CPUs, and live, too: also of Debian 12, where
# nothing is merged, and its user space, which unpacks modules itself, on a kernel that would merge; of
# forky; with 2 and 64 CPUs.
set -u
. "$(dirname -- "$0")/../vm/debian-boots.sh"

for cpus in ${CPUS_LIST:-2 16 64}; do
	boots debian-6.12 debian13 "$cpus" live
	boots debian-7.3 debian13 "$cpus" live
	boots debian-7.3 debian14 "$cpus" live
	boots debian-6.1 debian12 "$cpus" live
	boots debian-6.12 debian12 "$cpus" live
done
done_testing
