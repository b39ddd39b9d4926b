-- SPDX-License-Identifier: GPL-2.0-only
-- Modules that nobody got loaded, and on how many hosts: candidates for a blacklist.

SELECT module, count(DISTINCT host) AS hosts, count(*) AS boots, list_sort(list(DISTINCT kernel)) AS kernels
FROM (SELECT host, kernel, unnest(never_load) AS module FROM boots)
GROUP BY module
ORDER BY hosts DESC, module;
