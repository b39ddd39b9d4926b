# SPDX-License-Identifier: GPL-2.0-only
# sums.pl TRACE BEFORE AFTER: what a trace of module events adds up to, beside how modules/stats
# changed meanwhile: a line for each counter that differs, then how many there were.
use strict;
use warnings;

my ($trace, @stats) = @ARGV;
my ($EBUSY, $EEXIST) = (-16, -17);
my %kind = (file => 'kread', read => 'kread', decompress => 'decompress', verify => 'becoming',
	    name => 'becoming', layout => 'load', init => 'load', done => 'load');
my %bytes_of = (kread => 'Failed kread bytes', decompress => 'Failed decompress bytes',
		becoming => 'Failed becoming bytes', load => 'Failed kmod bytes');
my %sum = map { $_ => 0 } 'Mods ever loaded', 'Total module size', values %bytes_of,
	(map { "Mods failed on $_" } keys %bytes_of), (map { "Merged by $_" } qw(file live name)),
	'Refused busy', 'Autoload duplicates', 'Duplicate mem wasted bytes',
	'Duplicate mem avoided bytes', 'Virtual mem wasted bytes', 'Loads in flight';

# In the order of time: an attempt is the one that its thread has begun last.
my (%now, @merged, %maker);
open(my $in, '<', $trace) or die "$trace: $!\n";
while (<$in>) {
	print "events were lost\n"
		if m{entries-in-buffer/entries-written: (\d+)/(\d+)} && $1 != $2;
	next unless /-(\d+)\s+\[\d+\]\s+\S+\s+[\d.]+: (module_\w+): (.*)/;
	my ($tid, $event, $text) = ($1, $2, $3);
	my %f = map { /^(\w+)=(.*)/ ? ($1 => $2) : () } split ' ', $text;
	my ($name) = $text =~ /^([^ =]+) /;

	if ($event eq 'module_load_begin') {
		$now{$tid} = { };
		$sum{'Loads in flight'}++;
	} elsif ($event eq 'module_load_merged') {
		$now{$tid}{merged} = 1;
		$sum{"Merged by $f{gate}"}++;
		# Whose result it was: a load under way, or the one that made what is live.
		my $leader = $f{gate} eq 'live' ? $maker{$name} : $now{$f{leader}};
		push @merged, [ $leader, $f{bytes} ] if $leader;
	} elsif ($event eq 'module_load_exclusive_busy') {
		# A writer is no load, and what it refuses no duplicate.
		$now{$tid}{refused} = $f{leader} != 0;
	} elsif ($event eq 'module_autoload_dup') {
		$sum{'Autoload duplicates'}++;
	} elsif ($event eq 'module_load_end') {
		my $attempt = $now{$tid};
		my $bytes = $f{read} + $f{image} + $f{layout};

		$attempt->{bytes} = $bytes;
		$sum{'Loads in flight'}--;
		if ($f{ret} == 0 && !$attempt->{merged}) {
			$sum{'Mods ever loaded'}++;
			$sum{'Total module size'} += $f{layout};
			$maker{$name} = $attempt;
			next;
		}
		my $dup = $attempt->{merged} || $attempt->{refused} ||
			($f{stage} !~ /^(init|done)$/ && ($f{ret} == $EEXIST || $f{ret} == $EBUSY));
		$sum{'Refused busy'}++ if $attempt->{refused};
		$sum{'Duplicate mem wasted bytes'} += $bytes if $dup;
		next if $attempt->{merged} && $f{stage} eq 'file';
		my $where = $kind{$f{stage}};
		$sum{"Mods failed on $where"}++;
		$sum{$bytes_of{$where}} += $bytes;
		$sum{'Virtual mem wasted bytes'} += $bytes;
	}
}
close($in);
for (@merged) {
	my ($leader, $own) = @$_;
	die "a leader that never ended\n" unless defined $leader->{bytes};
	$sum{'Duplicate mem avoided bytes'} += $leader->{bytes} - $own
		if $leader->{bytes} > $own;
}

my @shown = map {
	my %numbers;
	open(my $file, '<', $_) or die "$_: $!\n";
	while (<$file>) {
		$numbers{$1} = $2 if /^\s*(\S.*\S)\t(\d+)$/;
	}
	\%numbers;
} @stats;
for my $label (sort keys %sum) {
	my $grown = ($shown[1]{$label} // 'none') - ($shown[0]{$label} // 0);
	print "$label: $sum{$label} traced, $grown counted\n" if $grown != $sum{$label};
}
print scalar(grep { $_ } values %sum), " counters moved\n";
