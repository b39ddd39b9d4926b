# SPDX-License-Identifier: GPL-2.0-only
# Rows of a frame of modules: name, attempts, merged, exists, busy. Columns are found by their heads, as
# one without data is not shown; such a cell is 0.

function cell(name)
{
	return name in at && $(at[name]) != "-" ? $(at[name]) : 0
}

# The head that rows are in the order of has an arrow, which may touch the next.
{ gsub(/▲|▼/, " ") }

$1 == "MODULE" {
	delete at
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}

"ATTEMPTS" in at && $2 ~ /^[0-9]+$/ {
	print $1, cell("ATTEMPTS"), cell("MERGED"), cell("EXISTS"), cell("BUSY")
}
