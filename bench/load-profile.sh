#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Where one load of xfs spends its time, by the number of CPUs: kprobes at the entry and the return
# of what a load calls, the loading task's own calls added up. A function's time includes that of
# those it calls, and waiting.
#
#	bench/load-profile.sh [CPUS...]
set -eu
. "$(dirname -- "$0")/../lab/common.sh"

[ $# -gt 0 ] || set -- 1 8 64
functions="load_module kernel_read_file add_kallsyms apply_relocate_add module_finalize \
mod_sysfs_setup blocking_notifier_call_chain_robust static_call_module_notify text_poke_bp \
set_memory_ro set_memory_nx set_memory_x smp_call_function_many_cond do_init_module \
do_one_initcall alloc_workqueue __kthread_create_on_node kmem_cache_create_usercopy pcpu_alloc \
async_synchronize_full synchronize_rcu rcu_barrier synchronize_rcu_expedited vfree"
out=$build/bench/load-profile
# shellcheck disable=SC2016 # the guest's to expand
run='modprobe libcrc32c
xfs=$(modinfo -n xfs) tracing=/sys/kernel/tracing
# The first load finds everything cold.
insmod $xfs; rmmod xfs
for function in '"$functions"'; do
	echo "p:load/in_$function $function" >>$tracing/kprobe_events
	echo "r:load/out_$function $function" >>$tracing/kprobe_events
done 2>/dev/null
storm -k -n 1 $xfs | sed -n "s/^elapsed_ns=/plain /p" >/out/times
rmmod xfs
echo global >$tracing/trace_clock
echo 1 >$tracing/events/load/enable
storm -k -l -n 1 $xfs >/out/storm
sed -n "s/^elapsed_ns=/probed /p" /out/storm >>/out/times
echo 0 >$tracing/events/load/enable
cat $tracing/trace >/out/trace'

for cpus; do
	say "one load on $cpus CPUs"
	"$top/lab/vm.sh" KERNEL=v6.1 CPUS="$cpus" MEM=4G OUT="$out/$cpus" TIMEOUT=300 RUN="$run" \
		>/dev/null
done
perl -e '
my (%calls, %ms, %all, %total);
my ($out, @cpus) = @ARGV;
for my $cpus (@cpus) {
	my %times = map { split } do { open my $in, "<", "$out/$cpus/times" or die; <$in> };
	$total{$cpus} = \%times;
	my ($pid) = join("", do { open my $in, "<", "$out/$cpus/storm" or die; <$in> }) =~
		/^call=(\d+) /m;
	my %in;
	open my $in, "<", "$out/$cpus/trace" or die;
	while (<$in>) {
		my ($tid, $time, $way, $function) =
			/-(\d+)\s+\[\d+\]\s+\S+\s+([\d.]+): (in|out)_(\w+):/ or next;
		next if $tid != $pid;
		if ($way eq "in") {
			push @{$in{$function}}, $time;
		} elsif (@{$in{$function} // []}) {
			my $begin = pop @{$in{$function}};
			$calls{$cpus}{$function}++;
			$ms{$cpus}{$function} += ($time - $begin) * 1000 unless @{$in{$function}};
			$all{$function} += $time - $begin;
		}
	}
}
printf "%-32s", "ms (calls) on CPUs:";
printf "%18s", $_ for @cpus;
for my $what ("plain", "probed") {
	printf "\n%-32s", "finit_module, $what";
	printf "%18.1f", $total{$_}{$what} / 1e6 for @cpus;
}
for my $function (sort { $ms{$cpus[-1]}{$b} <=> $ms{$cpus[-1]}{$a} } keys %all) {
	printf "\n%-32s", $function;
	printf "%11.1f %6s", $ms{$_}{$function} // 0, "(" . ($calls{$_}{$function} // 0) . ")"
		for @cpus;
}
print "\n";' "$out" "$@"
