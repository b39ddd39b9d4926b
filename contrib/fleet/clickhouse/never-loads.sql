-- SPDX-License-Identifier: GPL-2.0-only
-- Modules that nobody got loaded, and on how many hosts: candidates for a blacklist.

SELECT module, uniqExact(host) AS hosts, count() AS boots, arraySort(groupUniqArray(kernel)) AS kernels
FROM boots FINAL
ARRAY JOIN never_load AS module
GROUP BY module
ORDER BY hosts DESC, module
