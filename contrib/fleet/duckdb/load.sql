-- SPDX-License-Identifier: GPL-2.0-only
-- Loads lines of "modtrace report --format=jsonl" and of "--summary" into tables that the other queries
-- ask. A boot that was sent twice is in them once; checks.sql says what is wrong with the lines.
--
--	SET VARIABLE attempts = 'attempts-*.jsonl';	-- a path with *, or a list of them
--	SET VARIABLE boots = 'boots-*.jsonl';
--	.read load.sql
--
-- For Parquet, made by parquet.sql, read these tables from there instead.

CREATE OR REPLACE TABLE attempt_lines AS
SELECT * FROM read_json(getvariable('attempts'), format = 'newline_delimited', ignore_errors = true,
	columns = {
		schema: 'UTINYINT', "row": 'VARCHAR', host: 'VARCHAR', boot_id: 'UUID', kernel: 'VARCHAR',
		begin_ns: 'UBIGINT', end_ns: 'UBIGINT', module: 'VARCHAR', outcome: 'VARCHAR',
		tid: 'INTEGER', read_bytes: 'UBIGINT', image_bytes: 'UBIGINT', layout_bytes: 'UBIGINT'
	});

CREATE OR REPLACE TABLE boot_lines AS
SELECT * FROM read_json(getvariable('boots'), format = 'newline_delimited', ignore_errors = true,
	columns = {
		schema: 'INTEGER', "row": 'VARCHAR', host: 'VARCHAR', machine_id: 'VARCHAR',
		boot_id: 'UUID', kernel: 'VARCHAR', arch: 'VARCHAR', recorded: 'TIMESTAMP',
		recording: 'VARCHAR', machine_model: 'VARCHAR', cpu_model: 'VARCHAR', cpus: 'INTEGER',
		duration_ns: 'UBIGINT', clock_step_ns: 'BIGINT', boot: 'BOOLEAN', settled: 'BOOLEAN',
		ended_by: 'VARCHAR', truncated: 'BOOLEAN', filtered: 'BOOLEAN', lost: 'UBIGINT',
		totals: 'STRUCT(attempts UBIGINT, loaded UBIGINT, wasted_bytes UBIGINT,
			failed_bytes UBIGINT, dup_time_ns UBIGINT, fail_time_ns UBIGINT,
			load_time_ns UBIGINT)',
		modules: 'STRUCT(name VARCHAR, never_loads BOOLEAN, attempts UBIGINT,
			duplicates UBIGINT, wasted_bytes UBIGINT, worker_ns UBIGINT)[]',
		never_load: 'VARCHAR[]'
	});

-- Of an attempt that came twice, the line that has its end. Lines without a boot's id, as those of
-- recordings by other tools, can't be told from their copies, and are not in.
CREATE OR REPLACE TABLE attempts AS
SELECT boot_id, tid, begin_ns, host, kernel, module, outcome, end_ns,
	coalesce(read_bytes, 0) + coalesce(image_bytes, 0) + coalesce(layout_bytes, 0) AS bytes
FROM attempt_lines
WHERE "row" = 'attempt' AND boot_id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY boot_id, tid, begin_ns ORDER BY end_ns DESC NULLS LAST) = 1;

-- Of a boot that came twice, the line that knows most of it.
CREATE OR REPLACE TABLE boots AS
SELECT *,
	coalesce(machine_model, cpu_model, '(unknown)') || ', ' || cpus || ' CPUs' AS model,
	(totals.dup_time_ns + totals.fail_time_ns) / 1e9 AS wasted_s,
	(totals.dup_time_ns + totals.fail_time_ns + totals.load_time_ns) / 1e9 AS worker_s
FROM boot_lines
WHERE "row" = 'boot' AND boot AND NOT filtered AND boot_id IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY boot_id
	ORDER BY truncated, totals.attempts DESC, coalesce(settled, false) DESC, recorded) = 1;
