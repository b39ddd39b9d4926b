-- SPDX-License-Identifier: GPL-2.0-only
-- Before and after an update, on hosts that have settled boots of both kernels: the mean of the hosts'
-- differences, in worker-seconds for nothing a boot, and its 95% confidence interval (Student's t, by an
-- expansion that is right to 1% from 4 hosts on). Each host counts once, however often it booted.
--
--	clickhouse-client --param_before_kernel=6.1.0-40-amd64 --param_after_kernel=6.1.0-41-amd64

SELECT hosts, before_s, after_s, difference_s,
	if(hosts >= 4, difference_s - t * error_s, NULL) AS low_s,
	if(hosts >= 4, difference_s + t * error_s, NULL) AS high_s,
	100 * difference_s / before_s AS percent
FROM (
	SELECT count() AS hosts, avg(host_before_s) AS before_s, avg(host_after_s) AS after_s,
		avg(host_after_s - host_before_s) AS difference_s,
		stddevSamp(host_after_s - host_before_s) / sqrt(count()) AS error_s,
		1.959963985 AS z,
		z + (pow(z, 3) + z) / (4 * (hosts - 1))
			+ (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / (96 * pow(hosts - 1, 2))
			+ (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z)
			/ (384 * pow(hosts - 1, 3)) AS t
	FROM (
		SELECT host, avgIf(wasted_s, kernel = {before_kernel:String}) AS host_before_s,
			avgIf(wasted_s, kernel = {after_kernel:String}) AS host_after_s
		FROM boots FINAL
		WHERE coalesce(settled, 1) = 1 AND host IS NOT NULL
		GROUP BY host
		HAVING host_before_s IS NOT NULL AND host_after_s IS NOT NULL
	)
)
