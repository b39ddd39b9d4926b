#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Installs the packages of packages.txt that are missing, and does nothing where none is.
set -eu
. "$(dirname -- "$0")/common.sh"

list=$top/lab/packages.txt
stamp=$build/setup.stamp

# The package data base is only asked again after it or the list has changed.
if [ -e "$stamp" ] && [ "$stamp" -nt "$list" ] && [ "$stamp" -nt /var/lib/dpkg/status ]; then
	exit 0
fi

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
	die "this is no Debian; install the likes of lab/packages.txt, then: touch $stamp"

mkdir -p "$build"
exec 9>"$build/setup.lock"
flock 9

missing=
# shellcheck disable=SC2013 # words, not lines
for package in $(sed 's/#.*//' "$list"); do
	case $package in
	*=*)
		# PACKAGE=COMMAND: another package may have brought it.
		command -v "${package#*=}" >/dev/null || missing="$missing ${package%=*}"
		continue ;;
	esac
	dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
		missing="$missing $package"
done

if [ -n "$missing" ]; then
	sudo=
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
			die "not root and no sudo; as root: apt-get install$missing"
		sudo=sudo
	fi
	say "installing$missing"
	export DEBIAN_FRONTEND=noninteractive
	log=$build/setup.log
	# shellcheck disable=SC2086 # the list is split on purpose
	install_missing()
	{
		$sudo apt-get -qq -y -o DPkg::Lock::Timeout=600 install --no-install-recommends $missing \
			>"$log" 2>&1 </dev/null 9>&-
	}
	# Of packages with services, the tests start what they need themselves, and nothing else is to run.
	policy=/usr/sbin/policy-rc.d
	if [ ! -e $policy ]; then
		trap '$sudo rm -f $policy' EXIT
		printf '#!/bin/sh\nexit 101\n' | $sudo tee $policy >/dev/null
		$sudo chmod 755 $policy
	fi
	if ! install_missing; then
		# Most often the package lists are absent or old.
		$sudo apt-get -qq update >>"$log" 2>&1 || die "apt-get update failed, see $log"
		install_missing || {
			tail -n 5 "$log" >&2
			die "these packages can't be installed:$missing (see $log)"
		}
	fi
	for service in prometheus prometheus-node-exporter; do
		case " $missing " in
		*" $service "*)
			[ ! -d /run/systemd/system ] || $sudo systemctl -q disable $service || : ;;
		esac
	done
fi

touch "$stamp"
