# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2154 # files is of those who include it
# All or nothing: part of modtrace-boot and modtrace-udev, which name what they may change in $files,
# have die() and end STATUS, and get this where their lines "# include" are when they are installed.

# What there is of the files, and of all in the folders, that patterns tell
existing()
{
	# shellcheck disable=SC2086 # patterns
	find $1 ! -type d 2>/dev/null || :
}

# save PATTERNS DIRECTORY: copies them there. cp 9.1 takes no absolute names for that.
save()
{
	mkdir -p "$2"
	existing "$1" | sed 's,^/,,' | (cd / && xargs -rd '\n' cp -a --parents -t "$2")
}

same()
{
	[ "$(stat -c '%f %u %g %s %y' "$1")" = "$(stat -c '%f %u %g %s %y' "$2" 2>/dev/null)" ] && cmp -s "$1" "$2"
}

# Makes $files what they are below $kept; those that are the same aren't touched.
put_back()
{
	existing "$files" | while read -r file; do
		[ -e "$kept$file" ] || [ -L "$kept$file" ] || rm -f "$file"
	done
	find "$kept" ! -type d -printf '/%P\n' | while read -r file; do
		! same "$kept$file" "$file" || continue
		mkdir -p "${file%/*}"
		# In one moment, if there is room for both.
		cp -a "$kept$file" "$file.kept" 2>/dev/null && mv -fT "$file.kept" "$file" || {
			rm -f "$file.kept"
			cp -a --remove-destination "$kept$file" "$file" || exit 1
		}
	done
}

# All that follows is done, or nothing is.
all_or_nothing()
{
	kept=$(mktemp -d "/var/tmp/${0##*/}.XXXXXX")
	save "$files" "$kept" || {
		rm -rf "$kept"
		die "no copy of what would be changed can be kept in /var/tmp: nothing was changed"
	}
	trap 'end $?' EXIT
	trap 'exit 1' HUP INT TERM
}
