# SPDX-License-Identifier: GPL-2.0-only
# prove's harness with one more line at the end: how many tests passed, failed and were skipped,
# all files together. A file that dies counts as failed, a file skipped whole as one skipped;
# no test at all is a failure, and under STRICT=1 so is every skip.
package Summary;

use strict;
use warnings;
use parent 'TAP::Harness';

sub runtests {
	my ($self, @tests) = @_;
	my $total = $self->SUPER::runtests(@tests);
	my $skipped = $total->skipped;
	my $passed = $total->passed - $skipped;
	my $failed = $total->failed;

	for my $parser ($total->parsers($total->descriptions)) {
		$skipped++ if defined $parser->skip_all;
		# Died, or didn't keep to its plan, after tests that all passed.
		$failed++ if $parser->has_problems && !$parser->failed;
	}

	my $bad = $failed;
	if (!$passed && !$failed && !$skipped) {
		print STDERR "no tests were run\n";
		$bad = 1;
	}
	if ($skipped && ($ENV{STRICT} // '') eq '1') {
		print STDERR "STRICT=1: what is skipped counts as a failure\n";
		$bad = 1;
	}
	print "$passed passed, $failed failed, $skipped skipped\n";
	exit($bad ? 1 : 0);
}

1;
