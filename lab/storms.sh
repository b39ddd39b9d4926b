# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# For guests: storms of many kinds, one after the other. Each leaves things as they were, so that
# the next one is like it.

policies=/sys/module/module/parameters

storms_prepare()
{
	xfs=$(modinfo -n xfs)
	hold=$(modinfo -n mt_hold)
	tun=$(modinfo -n tun)
	modprobe xfs
	rmmod xfs
	modprobe test_kmod
}

storms_once()
{
	storm -n 48 "$xfs"
	rmmod xfs
	storm -n 12 -p sleep_ms=700 "$hold"
	rmmod mt_hold
	storm -n 12 -p 'sleep_ms=300 fail=19' "$hold"
	storm -n 16 -i "$xfs"
	rmmod xfs
	storm autoload -n 16 xfs
	rmmod xfs
	# As a stock kernel does it, and as one that only says busy.
	echo off >$policies/merge_file
	echo 0 >$policies/merge_live
	storm -n 24 "$xfs"
	rmmod xfs
	echo busy >$policies/merge_file
	storm -n 24 -p sleep_ms=300 "$hold"
	rmmod mt_hold
	echo wait >$policies/merge_file
	echo 1 >$policies/merge_live
	modprobe tun
	storm -n 20 "$tun"
	rmmod tun
}
