-- SPDX-License-Identifier: GPL-2.0-only
-- Hosts that differ from the median of their model: by more than ten times the median deviation, and
-- half of the median. A host is the median of its settled boots; a model has three hosts or more.

SELECT model, host, boots, wasted_s, model_s, deviation_s
FROM (
	SELECT model, groupArray(host) AS all_hosts, groupArray(host_boots) AS all_boots,
		groupArray(host_s) AS all_s,
		arrayReduce('quantileExactInclusive(0.5)', all_s) AS model_s,
		arrayReduce('quantileExactInclusive(0.5)', arrayMap(s -> abs(s - model_s), all_s)) AS deviation_s
	FROM (
		SELECT model, host, count() AS host_boots, quantileExactInclusive(0.5)(wasted_s) AS host_s
		FROM boots FINAL
		WHERE coalesce(settled, 1) = 1 AND wasted_s IS NOT NULL AND host IS NOT NULL
		GROUP BY model, host
	)
	GROUP BY model
	HAVING count() >= 3
)
ARRAY JOIN all_hosts AS host, all_boots AS boots, all_s AS wasted_s
WHERE abs(wasted_s - model_s) > 10 * deviation_s AND abs(wasted_s - model_s) > model_s / 2
ORDER BY abs(wasted_s - model_s) DESC, host
