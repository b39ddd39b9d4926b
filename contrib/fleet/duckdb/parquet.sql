-- SPDX-License-Identifier: GPL-2.0-only
-- After load.sql: the tables as Parquet, a small part of the lines' size, in the directory "parquet".

COPY (SELECT * FROM attempts ORDER BY boot_id, begin_ns) TO 'parquet/attempts.parquet'
	(FORMAT parquet, COMPRESSION zstd);
COPY boots TO 'parquet/boots.parquet' (FORMAT parquet, COMPRESSION zstd);
