-- SPDX-License-Identifier: GPL-2.0-only
-- Before and after an update, on hosts that have settled boots of both kernels: the mean of the hosts'
-- differences, in worker-seconds for nothing a boot, and its 95% confidence interval (Student's t). An
-- interval that contains 0 shows no difference. Each host counts once, however often it booted.
--
--	SET VARIABLE before_kernel = '6.1.0-40-amd64';
--	SET VARIABLE after_kernel = '6.1.0-41-amd64';

WITH per_host AS (
	SELECT host,
		avg(wasted_s) FILTER (kernel = getvariable('before_kernel')) AS before_s,
		avg(wasted_s) FILTER (kernel = getvariable('after_kernel')) AS after_s
	FROM boots
	WHERE settled IS NOT false AND host IS NOT NULL
	GROUP BY host
), paired AS (
	SELECT count(*) AS hosts, avg(before_s) AS before_s, avg(after_s) AS after_s,
		avg(after_s - before_s) AS difference_s,
		stddev_samp(after_s - before_s) / sqrt(count(*)) AS error_s,
		1.959963985 AS z
	FROM per_host
	WHERE before_s IS NOT NULL AND after_s IS NOT NULL
), quantile AS (
	-- t of as many hosts, from the normal distribution's: an expansion, right to 1% from 4 hosts on
	SELECT *, z + (z ** 3 + z) / (4 * (hosts - 1))
		+ (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * (hosts - 1) ** 2)
		+ (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * (hosts - 1) ** 3) AS t
	FROM paired
)
SELECT hosts, before_s, after_s, difference_s,
	CASE WHEN hosts >= 4 THEN difference_s - t * error_s END AS low_s,
	CASE WHEN hosts >= 4 THEN difference_s + t * error_s END AS high_s,
	100 * difference_s / before_s AS percent
FROM quantile;
