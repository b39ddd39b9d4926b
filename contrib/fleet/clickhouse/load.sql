-- SPDX-License-Identifier: GPL-2.0-only
-- Tables for lines of "modtrace report --format=jsonl" and of "--summary". A boot that is sent twice is
-- counted once: FINAL, or the merges that ClickHouse does anyway, keep one row a key.
--
--	clickhouse-client --multiquery <load.sql
--	clickhouse-client --query 'INSERT INTO modtrace_lines FORMAT LineAsString' <boots.jsonl
--
-- Lines of attempts and of boots may come mixed, and torn ones are counted by checks.sql.

CREATE TABLE IF NOT EXISTS modtrace_lines (line String) ENGINE = Null;

CREATE TABLE IF NOT EXISTS attempts (
	boot_id UUID, tid Int32, begin_ns UInt64, host Nullable(String), kernel LowCardinality(String),
	module LowCardinality(String), outcome LowCardinality(String), end_ns Nullable(UInt64),
	bytes UInt64, version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY (boot_id, tid, begin_ns);

-- Of an attempt that came twice, the line that has its end. Lines without a boot's id, as those of
-- recordings by other tools, can't be told from their copies, and are not in.
CREATE MATERIALIZED VIEW IF NOT EXISTS attempts_in TO attempts AS
SELECT assumeNotNull(toUUIDOrNull(JSONExtractString(line, 'boot_id'))) AS boot_id,
	JSONExtractInt(line, 'tid') AS tid, JSONExtractUInt(line, 'begin_ns') AS begin_ns,
	JSONExtract(line, 'host', 'Nullable(String)') AS host,
	JSONExtractString(line, 'kernel') AS kernel,
	JSONExtractString(line, 'module') AS module, JSONExtractString(line, 'outcome') AS outcome,
	JSONExtract(line, 'end_ns', 'Nullable(UInt64)') AS end_ns,
	JSONExtractUInt(line, 'read_bytes') + JSONExtractUInt(line, 'image_bytes')
		+ JSONExtractUInt(line, 'layout_bytes') AS bytes,
	coalesce(end_ns, 0) AS version
FROM modtrace_lines
WHERE isValidJSON(line) AND JSONExtractString(line, 'row') = 'attempt'
	AND toUUIDOrNull(JSONExtractString(line, 'boot_id')) IS NOT NULL;

CREATE TABLE IF NOT EXISTS boots (
	boot_id UUID, host Nullable(String), machine_id Nullable(String),
	kernel LowCardinality(String), model LowCardinality(String),
	recorded Nullable(DateTime64(6, 'UTC')), settled Nullable(UInt8), lost Nullable(UInt64),
	clock_step_ns Nullable(Int64), wasted_s Nullable(Float64), worker_s Nullable(Float64),
	never_load Array(String), version UInt64
) ENGINE = ReplacingMergeTree(version) ORDER BY boot_id;

-- Of a boot that came twice, the line that is whole, and of those the one with most attempts.
CREATE MATERIALIZED VIEW IF NOT EXISTS boots_in TO boots AS
SELECT assumeNotNull(toUUIDOrNull(JSONExtractString(line, 'boot_id'))) AS boot_id,
	JSONExtract(line, 'host', 'Nullable(String)') AS host,
	JSONExtract(line, 'machine_id', 'Nullable(String)') AS machine_id,
	JSONExtractString(line, 'kernel') AS kernel,
	concat(coalesce(JSONExtract(line, 'machine_model', 'Nullable(String)'),
		JSONExtract(line, 'cpu_model', 'Nullable(String)'), '(unknown)'),
		', ', toString(JSONExtractUInt(line, 'cpus')), ' CPUs') AS model,
	parseDateTime64BestEffortOrNull(JSONExtractString(line, 'recorded'), 6, 'UTC') AS recorded,
	JSONExtract(line, 'settled', 'Nullable(Bool)') AS settled,
	JSONExtract(line, 'lost', 'Nullable(UInt64)') AS lost,
	JSONExtract(line, 'clock_step_ns', 'Nullable(Int64)') AS clock_step_ns,
	(JSONExtract(line, 'totals', 'dup_time_ns', 'Nullable(UInt64)')
		+ JSONExtract(line, 'totals', 'fail_time_ns', 'Nullable(UInt64)')) / 1e9 AS wasted_s,
	wasted_s + JSONExtract(line, 'totals', 'load_time_ns', 'Nullable(UInt64)') / 1e9 AS worker_s,
	JSONExtract(line, 'never_load', 'Array(String)') AS never_load,
	if(JSONExtractBool(line, 'truncated'), 0, 1000000000)
		+ JSONExtractUInt(line, 'totals', 'attempts') AS version
FROM modtrace_lines
WHERE isValidJSON(line) AND JSONExtractString(line, 'row') = 'boot' AND JSONExtractBool(line, 'boot')
	AND NOT JSONExtractBool(line, 'filtered')
	AND toUUIDOrNull(JSONExtractString(line, 'boot_id')) IS NOT NULL;

-- For checks.sql: how many lines came, of each kind.
CREATE TABLE IF NOT EXISTS line_counts (kind LowCardinality(String), number UInt64)
ENGINE = SummingMergeTree ORDER BY kind;

CREATE MATERIALIZED VIEW IF NOT EXISTS line_counts_in TO line_counts AS
SELECT multiIf(toUUIDOrNull(JSONExtractString(line, 'boot_id')) IS NULL, 'no boot id',
		JSONExtractString(line, 'row') = 'attempt', 'attempt',
		JSONExtractString(line, 'row') != 'boot', 'other',
		JSONExtractBool(line, 'filtered'), 'selection',
		JSONExtractBool(line, 'boot'), 'boot', 'no boot') AS kind,
	count() AS number
FROM modtrace_lines
WHERE isValidJSON(line)
GROUP BY kind;

CREATE TABLE IF NOT EXISTS torn (at DateTime, line String) ENGINE = MergeTree ORDER BY at;

CREATE MATERIALIZED VIEW IF NOT EXISTS torn_in TO torn AS
SELECT now() AS at, line FROM modtrace_lines WHERE NOT isValidJSON(line);
