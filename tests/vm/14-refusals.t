#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What is refused, and how: the errno of every bad call is the stock kernel's, under each
# policy. Under "busy" a file that another has denied to writers is refused, too, such as a
# program that runs: that is what busy is.
set -u
. "$(dirname -- "$0")/kernel.sh"
helper probe

# The calls, under the given policies, each as a scenario of its own.
refusals()
{
	guest KERNEL="$1" CPUS=2 EXTRA="$extra" APPEND='module_blacklist=mt_hold2' <<EOF2
. /extra/lib.sh
for policy in $2; do
	[ \$policy = stock ] || policy merge_file \$policy
	traced unprivileged_\$policy /extra/probe unprivileged "\$hold"
	traced refusals_\$policy /extra/probe refusals "\$hold"
	for call in finit init; do
		option=
		[ \$call = finit ] || option=-i
		echo "blacklisted_\$call \$(/extra/probe call \$option "\$hold2" |
			sed -n s/^result=//p)" >>/out/refusals_\$policy.out
	done
	result left.\$policy "\$(grep -c '^mt_' /proc/modules)"
done
# For good, so it comes last.
echo 1 >/proc/sys/kernel/modules_disabled
traced disabled /extra/probe call "\$hold"
traced disabled_init /extra/probe call -i "\$hold"
EOF2
}

refusals "$series-stock" stock
scenarios_ok "the calls on $series-stock went through"
cat "$out/unprivileged_stock.out" "$out/refusals_stock.out" >"$tmp/stock"
is 'stock: modules_disabled' "$(key disabled result) $(key disabled_init result)" 'EPERM EPERM'
refusals "$series" 'wait off busy'
scenarios_ok "the calls on $series went through"
is 'modules_disabled' "$(key disabled result) $(key disabled_init result)" 'EPERM EPERM'
is 'modules_disabled: no attempt' "$(count disabled module_load) $(count disabled_init module_load)" \
	'0 0'

# Case by case, with what is wanted in so many words: stock could change under us.
wanted()
{
	cat <<'EOF2'
nobody finit EPERM
nobody bad_fd EPERM
nobody bad_flags EPERM
nobody init EPERM
root_without_cap finit EPERM
root_without_cap bad_fd EPERM
root_without_cap bad_flags EPERM
root_without_cap init EPERM
fd_-1 EBADF
fd_closed EBADF
write_only EBADF
o_path EBADF
directory EINVAL
char_device EINVAL
pipe_read_end EINVAL
pipe_write_end EBADF
socket EINVAL
eventfd EINVAL
flags_8 EINVAL
flags_all EINVAL
flags_8_fd_-1 EINVAL
memfd_writable ok
memfd ok
deleted ok
open_for_writing ETXTBSY
read_write_itself ETXTBSY
written_before ok
running_executable ENOEXEC
executable ENOEXEC
empty EINVAL
text ENOEXEC
half_a_module ENOEXEC
elf_header_alone ENOEXEC
three_gib EFBIG
proc_file EINVAL
sysfs_file EIO
ignore_modversions ok
ignore_vermagic ENOEXEC
not_compressed EOPNOTSUPP
bad_params_pointer EFAULT
null_params EFAULT
bad_param_value EINVAL
unknown_param ok
init_fails ENXIO
offset ok
live EEXIST
live_other_flags EEXIST
live_init_module EEXIST
init_module ok
init_module_null EFAULT
init_module_empty ENOEXEC
init_module_cut ENOEXEC
init_module_bad_pointer EFAULT
init_module_bad_params EFAULT
init_module_huge ENOMEM
blacklisted_finit EPERM
blacklisted_init EPERM
EOF2
}
wanted >"$tmp/wanted"
# That of 6.1 does not decompress modules itself.
[ "$series" = v6.1 ] || sed -i 's/^not_compressed .*/not_compressed EINVAL/' "$tmp/wanted"

for policy in wait off busy; do
	cat "$out/unprivileged_$policy.out" "$out/refusals_$policy.out" >"$tmp/$policy"
done
# The table, for whoever reads the test's output.
paste -d' ' "$tmp/stock" "$tmp/wait" "$tmp/off" "$tmp/busy" | grep -v '^--' |
	awk '{ n = NF / 4; s = ""; for (i = 1; i < n; i++) s = s $i " "
		printf "%-32s %-8s %-8s %-8s %s\n", s, $n, $(2 * n), $(3 * n), $NF }' >"$tmp/table"
diag "$(printf '%-32s %-8s %-8s %-8s %s' case stock wait off busy; echo; cat "$tmp/table")"

while read -r line; do
	case=${line% *}
	of()
	{
		sed -n "s/^$case \([^ ]*\)\$/\1/p" "$tmp/$1"
	}
	want=${line##* } busy=$want
	[ "$case" != running_executable ] || busy=ETXTBSY
	is "$case: stock, wait, off, busy" "$(of stock) $(of wait) $(of off) $(of busy)" \
		"$want $want $want $busy"
done <"$tmp/wanted"
is 'no case was left out' "$(grep -vc '^--' "$tmp/stock")" "$(grep -c . "$tmp/wanted")"

for policy in wait off busy; do
	is "$policy: no module is left" "$(value left.$policy)" 0
	# Who may not, and who brings no file that can be read, makes no attempt.
	is "$policy: the unprivileged make no attempt" "$(count unprivileged_$policy module_load_)" 0
	attempts=$(sed '1,/^--/d' "$out/refusals_$policy.out" | grep -vc blacklisted)
	# And the one behind "live".
	attempts=$((attempts + 1))
	is "$policy: attempts begin behind the checks of the descriptor" \
		"$(count refusals_$policy module_load_begin:)" "$attempts"
	sound refusals_$policy
	# A writer is nobody's load; each ETXTBSY has its event.
	is "$policy: refusals name no leader" "$(field refusals_$policy exclusive_busy: leader)" 0
	is "$policy: one for each ETXTBSY" "$(count refusals_$policy exclusive_busy:)" \
		"$(grep -c ETXTBSY "$tmp/$policy")"
	is "$policy: an empty file and one too large are not read" \
		"$(count refusals_$policy 'ret=-(22|27) stage=file read=0 ')" 3
done

done_testing
