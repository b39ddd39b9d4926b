-- SPDX-License-Identifier: GPL-2.0-only
-- Hosts that differ from the median of their model: by at least ten times the median deviation, and
-- half of the median. A host is the median of its settled boots; a model has three hosts or more.

WITH per_host AS (
	SELECT model, host, count(*) AS boots, median(wasted_s) AS wasted_s
	FROM boots
	WHERE settled IS NOT false AND host IS NOT NULL AND wasted_s IS NOT NULL
	GROUP BY model, host
), per_model AS (
	SELECT model, count(*) AS hosts, median(wasted_s) AS model_s, mad(wasted_s) AS deviation_s
	FROM per_host
	GROUP BY model
	HAVING count(*) >= 3
)
SELECT model, host, boots, wasted_s, model_s, deviation_s
FROM per_host JOIN per_model USING (model)
WHERE abs(wasted_s - model_s) > 10 * deviation_s AND abs(wasted_s - model_s) > model_s / 2
ORDER BY abs(wasted_s - model_s) DESC, host;
