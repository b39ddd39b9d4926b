#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The series' selftests/module and its KUnit tests on the debug kernel, with KASAN and lockdep looking.
set -u
BOOT_LIMIT=300 OWN_TESTS_ON=${SERIES:-v6.1}-debug exec "$(dirname -- "$0")/../vm/19-selftests.t"
