-- SPDX-License-Identifier: GPL-2.0-only
-- The worst modules over the fleet: time in calls that were for nothing, summed over workers.

SELECT module,
	count() AS attempts,
	countIf(outcome = 'loaded') AS loaded,
	countIf(outcome IN ('merged', 'exists', 'busy')) AS duplicates,
	uniqExact(host) AS hosts,
	uniqExact(boot_id) AS boots,
	sumOrNullIf(end_ns - begin_ns, outcome IN ('merged', 'exists', 'busy', 'failed', 'interrupted'))
		/ 1e9 AS wasted_s,
	sumOrNull(end_ns - begin_ns) / 1e9 AS worker_s,
	sumOrNullIf(bytes, outcome IN ('merged', 'exists', 'busy')) AS wasted_bytes
FROM attempts FINAL
GROUP BY module
ORDER BY wasted_s DESC, module
LIMIT 20
