-- SPDX-License-Identifier: GPL-2.0-only
-- The worst modules over the fleet: time in calls that were for nothing, summed over workers.

SELECT module,
	count(*) AS attempts,
	count(*) FILTER (outcome = 'loaded') AS loaded,
	count(*) FILTER (outcome IN ('merged', 'exists', 'busy')) AS duplicates,
	count(DISTINCT host) AS hosts,
	count(DISTINCT boot_id) AS boots,
	sum(end_ns - begin_ns) FILTER (outcome IN ('merged', 'exists', 'busy', 'failed', 'interrupted'))
		/ 1e9 AS wasted_s,
	sum(end_ns - begin_ns) / 1e9 AS worker_s,
	sum(bytes) FILTER (outcome IN ('merged', 'exists', 'busy'))::UBIGINT AS wasted_bytes
FROM attempts
GROUP BY module
ORDER BY wasted_s DESC NULLS LAST, module
LIMIT 20;
