-- SPDX-License-Identifier: GPL-2.0-only
-- What is odd about the lines, and what the other queries make of it.

SELECT what, number, made_of_it
FROM (
	SELECT 1 AS place, 'torn lines of attempts' AS what, countIf(match(line, '"row": ?"attempt"')) AS number,
		'left out' AS made_of_it
	FROM torn
	UNION ALL
	SELECT 2, 'torn lines of boots', countIf(match(line, '"row": ?"boot"')), 'left out'
	FROM torn
	UNION ALL
	SELECT 3, 'torn lines, of what is not known', countIf(NOT match(line, '"row": ?"(attempt|boot)"')),
		'left out'
	FROM torn
	UNION ALL
	SELECT 4, 'attempts sent again', sumIf(number, kind = 'attempt') - (SELECT count() FROM attempts FINAL),
		'counted once'
	FROM line_counts
	UNION ALL
	SELECT 5, 'boots sent again', sumIf(number, kind = 'boot') - (SELECT count() FROM boots FINAL),
		'counted once'
	FROM line_counts
	UNION ALL
	SELECT 6, 'lines without a boot id', sumIf(number, kind = 'no boot id'), 'left out'
	FROM line_counts
	UNION ALL
	SELECT 7, 'lines of a selection (-m, -c, --time)', sumIf(number, kind = 'selection'), 'left out'
	FROM line_counts
	UNION ALL
	SELECT 8, 'boots that did not settle', count(), 'counted, except in outliers.sql and update.sql'
	FROM boots FINAL WHERE settled = 0
	UNION ALL
	SELECT 9, 'boots that may not have settled', count(), 'counted'
	FROM boots FINAL WHERE settled IS NULL
	UNION ALL
	SELECT 10, 'boots with a clock before 2020 or after now', count(), 'counted: no query goes by the clock'
	FROM boots FINAL WHERE recorded < toDateTime('2020-01-01 00:00:00', 'UTC') OR recorded > now() + 86400
	UNION ALL
	SELECT 11, 'boots without a time', count(), 'counted'
	FROM boots FINAL WHERE recorded IS NULL
	UNION ALL
	SELECT 12, 'boots without a host', count(), 'counted, except in outliers.sql and update.sql'
	FROM boots FINAL WHERE host IS NULL
	UNION ALL
	SELECT 13, 'boots whose clock was set by more than a minute', count(), 'counted'
	FROM boots FINAL WHERE abs(clock_step_ns) > 60e9
	UNION ALL
	SELECT 14, 'hosts of more than one machine id', count(), 'one host: installed anew, or two of one name'
	FROM (SELECT host FROM boots FINAL WHERE host IS NOT NULL GROUP BY host
		HAVING uniqExact(machine_id) > 1)
	UNION ALL
	SELECT 15, 'boots with lost events', count(), 'counted, with what is there'
	FROM boots FINAL WHERE lost > 0 OR lost IS NULL
)
ORDER BY place
