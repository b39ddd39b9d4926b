-- SPDX-License-Identifier: GPL-2.0-only
-- What is odd about the lines, and what the other queries make of it.

SELECT 'torn lines' AS what, count() AS number, 'left out' AS made_of_it FROM torn
UNION ALL
SELECT 'boots that did not settle', count(), 'counted, except in outliers.sql and update.sql'
FROM boots FINAL WHERE settled = 0
UNION ALL
SELECT 'boots with a clock before 2020 or after now', count(), 'counted: no query goes by the clock'
FROM boots FINAL WHERE recorded < toDateTime('2020-01-01 00:00:00', 'UTC') OR recorded > now() + 86400
UNION ALL
SELECT 'boots whose clock was set by more than a minute', count(), 'counted'
FROM boots FINAL WHERE abs(clock_step_ns) > 60e9
UNION ALL
SELECT 'hosts of more than one machine id', count(), 'one host: installed anew, or two of one name'
FROM (SELECT host FROM boots FINAL GROUP BY host HAVING uniqExact(machine_id) > 1)
UNION ALL
SELECT 'boots with lost events', count(), 'counted, with what is there'
FROM boots FINAL WHERE lost > 0 OR lost IS NULL
