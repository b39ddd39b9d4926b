# SPDX-License-Identifier: GPL-2.0-only
# sound.pl [--died] TRACE STORM: one line for everything in a trace of module events that can't
# be, by itself or beside what storm -l printed; nothing where all is well. With --died one
# attempt may begin and never end.
use strict;
use warnings;

my $died = 0;
if (@ARGV && $ARGV[0] eq '--died') {
	$died = 1;
	shift;
}
my ($trace, $storm) = @ARGV;
my %errno = (
	ok => 0, EPERM => 1, ENOENT => 2, EINTR => 4, ENXIO => 6, ENOEXEC => 8, EBADF => 9,
	ENOMEM => 12, EFAULT => 14, EBUSY => 16, EEXIST => 17, ENODEV => 19, EINVAL => 22,
	ETXTBSY => 26, EDEADLK => 35,
);
my (%open, %ends, $lines);

open(my $in, '<', $trace) or die "$trace: $!\n";
while (<$in>) {
	if (m{entries-in-buffer/entries-written: (\d+)/(\d+)}) {
		print "events were lost\n" if $1 != $2;
	}
	# "comm-tid [cpu] flags time: event: text"; comm may hold anything.
	next unless /-(\d+)\s+\[\d+\]\s+\S+\s+[\d.]+: (module_\w+): (.*)/;
	my ($tid, $event, $text) = ($1, $2, $3);
	my %f = map { /^(\w+)=(.*)/ ? ($1 => $2) : () } split ' ', $text;
	my $attempt = $open{$tid};

	$lines++;
	if ($event eq 'module_load_begin') {
		print "$tid begins twice\n" if $attempt;
		$open{$tid} = { };
	} elsif ($event eq 'module_load_merged') {
		print "$tid: merged outside of an attempt\n" unless $attempt;
		print "$tid: merged twice\n" if $attempt && $attempt->{merged};
		print "$tid: merged with $f{ret}\n" unless $f{ret} == -17 || $f{ret} == -16;
		print "$tid: merged without a module's name\n" unless $text =~ /^\w+ gate=/;
		$attempt->{merged} = \%f;
	} elsif ($event eq 'module_load_exclusive_busy') {
		print "$tid: refused outside of an attempt\n" unless $attempt;
		print "$tid: refused with $f{ret}\n" unless $f{ret} == -26;
		$attempt->{busy} = \%f;
	} elsif ($event eq 'module_load_end') {
		print "$tid ends and never began\n" unless $attempt;
		my $merged = $attempt->{merged};
		if ($merged) {
			my $bytes = $f{read} + $f{image} + $f{layout};

			print "$tid: merged with $merged->{ret}, returns $f{ret}\n"
				if $merged->{ret} != $f{ret};
			print "$tid: merged with $merged->{bytes} bytes, ends with $bytes\n"
				if $merged->{bytes} != $bytes;
			# The live gate stands where the file gate does.
			my $stage = $merged->{gate} eq 'live' ? 'file' : $merged->{gate};
			print "$tid: merged at gate $merged->{gate}, ends at $f{stage}\n"
				if $stage ne $f{stage};
		}
		print "$tid: -ETXTBSY and no exclusive_busy\n"
			if $f{ret} == -26 && $f{stage} eq 'file' && !$attempt->{busy};
		print "$tid: exclusive_busy, returns $f{ret}\n"
			if $attempt->{busy} && $f{ret} != -26;
		print "$tid: done, returns $f{ret}\n" if ($f{stage} eq 'done') != ($f{ret} == 0);
		delete $open{$tid};
		push @{$ends{$tid}}, $f{ret};
	}
}
print "the trace is empty\n" unless $lines;
my @open = keys %open;
print "never ended: @open\n" unless @open == $died;

open($in, '<', $storm) or die "$storm: $!\n";
while (<$in>) {
	next unless /^call=(\d+) (\S+) /;
	my ($pid, $result) = ($1, $2);
	my $rets = $ends{$pid} || [];

	# A task that is killed is not told; one that died inside has no end.
	if ($result =~ /^signal_/) {
		print "$pid was killed, its attempt returned 0 or never ended\n"
			unless grep { $_ } @$rets or $died && $open{$pid};
		next;
	}
	# A call that a signal interrupts is made again, by the kernel or not at all.
	my $ret = pop @$rets;
	print "$pid got $result and its attempt ", defined $ret ? "returned $ret" : "has no end", "\n"
		unless defined $ret && exists $errno{$result} && $ret == -$errno{$result};
	print "$pid: returned $_ before its end\n" for grep { $_ != -512 } @$rets;
}
