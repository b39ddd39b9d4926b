# SPDX-License-Identifier: GPL-2.0-only
# The project's entry points. Each target is a script of its own, with its own --help or
# comment; this file only names them. See `make help`.

# RUN is taken as it is written, without make's own expansion of $.
ifneq ($(origin RUN),undefined)
override RUN := $(value RUN)
endif
export RUN KERNEL MODULES CPUS MEM ROOTFS OUT EXTRA APPEND EXPECT TIMEOUT INITRD DISK STRICT

# A target at a time: the lab has its own parallel builds and its own locks.
.NOTPARALLEL:
.PHONY: help setup all tools kernel vm demo demo-live check test test-slow coverage clean \
	install uninstall install-boot uninstall-boot install-udev uninstall-udev deb

help:
	@echo "make setup      install missing packages of lab/packages.txt (every target does so)"
	@echo "make tools      build modtrace and the storm generator under build/"
	@echo "make kernel     build the lab's kernel KERNEL=v6.1 | v6.1-stock | v6.1-base | v6.12 | v7.3 ..."
	@echo "make vm RUN='shell command' [KERNEL=v6.1] [CPUS=8] [OUT=dir] ..."
	@echo "                run the command in a guest; all settings: lab/vm.sh --help"
	@echo "make demo       storms on the stock and the patched kernel, with their reports"
	@echo "make demo-live  modtrace live in a guest under continuous storms, in this terminal"
	@echo "make check      the tests that need no kernel"
	@echo "make test       all tests but the slow ones; STRICT=1: skipped tests are failures"
	@echo "make test-slow  all tests, including those that take hours"
	@echo "make coverage   line coverage of modtrace by the fast tests"
	@echo "make install    modtrace, its manual pages and completion: prefix=/usr/local DESTDIR="
	@echo "make install-boot"
	@echo "                boot recording; then, as root: modtrace-boot enable"
	@echo "make install-udev"
	@echo "                rules that let one CPU ask for all; then, as root: modtrace-udev enable"
	@echo "make uninstall, make uninstall-boot, make uninstall-udev"
	@echo "make deb        the same as Debian packages, in build/deb/"
	@echo "make clean      remove build/"

setup:
	@lab/setup.sh

tools: setup
	@lab/tools.sh

kernel: setup
	@lab/kernel.sh $(or $(KERNEL),v6.1)

vm:
	@lab/vm.sh

demo: setup
	@lab/demo.sh

demo-live: setup
	@lab/demo-live.sh

check: setup
	@tests/run.sh check

test: setup
	@tests/run.sh test

test-slow: setup
	@tests/run.sh slow

coverage: setup
	@lab/coverage.sh

install uninstall:
	@$(MAKE) --no-print-directory -C tools/modtrace $@

install-boot uninstall-boot:
	@$(MAKE) --no-print-directory -C contrib/boot $(@:-boot=)

install-udev uninstall-udev:
	@$(MAKE) --no-print-directory -C contrib/udev $(@:-udev=)

deb: setup
	@lab/deb.sh

clean:
	rm -rf build
