#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# debian-apt.sh SUITE: package lists of one Debian release (bookworm, trixie, forky), and prints a
# folder that has apt's configuration for it: APT_CONFIG=folder/apt.conf, or folder/sources.list.
# This machine's own sources say where Debian is. Its apt is neither changed nor asked for more:
# lists, downloads and their lock are below build/, and Debian's keyring alone verifies them.
set -eu
. "$(dirname -- "$0")/common.sh"

suite=$1
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
dir=$build/apt/$suite
mkdir -p "$dir/etc/empty" "$dir/state/lists/partial" "$dir/cache/archives/partial"
exec 9>"$dir/lock"
flock 9

# places LABEL: where this machine gets Debian, or its security updates, from.
places()
{
	# shellcheck disable=SC2016 # it is apt that expands this
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
		"Label: $1" 'Component: main' | sort -u | head -n 1
}

main=$(places Debian)
if [ -z "$main" ]; then
	# A machine that has never read its lists doesn't know what its sources are.
	apt-get -qq update >/dev/null 2>&1 9>&- || :
	main=$(places Debian)
fi
security=$(places Debian-Security)
[ -n "$main" ] || die "this machine's apt sources have no Debian (apt-get update?)"
[ -e "$keyring" ] || die "no $keyring: install debian-archive-keyring"

# Not the next release: it is in development, and neither updated nor secured beside itself.
line="deb [signed-by=$keyring]"
{
	echo "$line $main $suite main"
	[ "$suite" != bookworm ] && [ "$suite" != trixie ] || {
		echo "$line $main $suite-updates main"
		[ -z "$security" ] || echo "$line $security $suite-security main"
	}
} >"$dir/sources.new"

# How this machine reaches its sources goes over; what it does after an update doesn't.
{
	apt-config dump | grep '^Acquire::'
	cat <<EOT
APT::Architecture "$(dpkg --print-architecture)";
APT::Architectures { "$(dpkg --print-architecture)"; };
APT::Install-Recommends "false";
APT::Get::List-Cleanup "true";
APT::Sandbox::User "root";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Etc "$dir/etc";
Dir::Etc::main "none";
Dir::Etc::parts "empty";
Dir::Etc::preferencesparts "empty";
Dir::Etc::trustedparts "empty";
Dir::Etc::sourcelist "$dir/sources.list";
Dir::Etc::sourceparts "empty";
Dir::State "$dir/state";
Dir::State::status "$dir/state/status";
Dir::Cache "$dir/cache";
Dir::Log "$dir/state";
EOT
} >"$dir/apt.conf"
: >"$dir/state/status"

# The lists are those of a day: Debian removes superseded packages.
if ! cmp -s "$dir/sources.new" "$dir/sources.list" || [ ! -e "$dir/updated" ] ||
   [ -n "$(find "$dir/updated" -mmin +1440)" ]; then
	mv "$dir/sources.new" "$dir/sources.list"
	say "reading the package lists of $suite"
	if APT_CONFIG=$dir/apt.conf apt-get -qq -o APT::Update::Error-Mode=any update \
			>"$dir/update.log" 2>&1 9>&-; then
		touch "$dir/updated"
	elif [ ! -e "$dir/updated" ]; then
		tail -n 3 "$dir/update.log" >&2
		die "the package lists of $suite can't be had, see $dir/update.log"
	else
		say "the package lists of $suite stay those of $(date -r "$dir/updated" +%F)"
	fi
fi
rm -f "$dir/sources.new"
echo "$dir"
