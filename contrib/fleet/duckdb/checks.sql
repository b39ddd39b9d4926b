-- SPDX-License-Identifier: GPL-2.0-only
-- What is odd about the lines, and what the other queries make of it.

SELECT 'torn lines of attempts' AS what, count(*) AS number, 'left out' AS made_of_it
FROM attempt_lines WHERE schema IS NULL
UNION ALL
SELECT 'torn lines of boots', count(*), 'left out'
FROM boot_lines WHERE schema IS NULL
UNION ALL
SELECT 'attempts sent again', count(*) - count(DISTINCT (boot_id, tid, begin_ns)), 'counted once'
FROM attempt_lines WHERE boot_id IS NOT NULL
UNION ALL
SELECT 'boots sent again', count(*) - count(DISTINCT boot_id), 'counted once'
FROM boot_lines WHERE boot_id IS NOT NULL
UNION ALL
SELECT 'lines without a boot id', count(*), 'left out'
FROM boot_lines WHERE schema IS NOT NULL AND boot_id IS NULL
UNION ALL
SELECT 'lines of a selection (-m, -c, --time)', count(*), 'left out'
FROM boot_lines WHERE filtered
UNION ALL
SELECT 'boots that did not settle', count(*), 'counted, except in outliers.sql and update.sql'
FROM boots WHERE NOT settled
UNION ALL
SELECT 'boots that may not have settled', count(*), 'counted'
FROM boots WHERE settled IS NULL
UNION ALL
SELECT 'boots with a clock before 2020 or after now', count(*), 'counted: no query goes by the clock'
FROM boots WHERE recorded < '2020-01-01' OR recorded > now()::TIMESTAMP + INTERVAL 1 DAY
UNION ALL
SELECT 'boots without a time', count(*), 'counted'
FROM boots WHERE recorded IS NULL
UNION ALL
SELECT 'boots without a host', count(*), 'counted, except in outliers.sql and update.sql'
FROM boots WHERE host IS NULL
UNION ALL
SELECT 'boots whose clock was set by more than a minute', count(*), 'counted'
FROM boots WHERE abs(clock_step_ns) > 60e9
UNION ALL
SELECT 'hosts of more than one machine id', count(*), 'one host: installed anew, or two of one name'
FROM (SELECT host FROM boots WHERE host IS NOT NULL GROUP BY host HAVING count(DISTINCT machine_id) > 1)
UNION ALL
SELECT 'boots with lost events', count(*), 'counted, with what is there'
FROM boots WHERE lost > 0 OR lost IS NULL;
