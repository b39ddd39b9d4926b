// SPDX-License-Identifier: GPL-2.0-only
// duckdb.mjs WORD...: in order, NAME=VALUE sets a variable of DuckDB, run=SQL runs a statement, and
// anything else is a file of SQL: the rows of its last statement are printed as a line of JSON,
// { file, rows, seconds, peak_bytes }. The last is the most memory that the process has had so far.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';

const require = createRequire(`${process.env.DUCKDB_MODULES}/`);
const { DuckDBInstance } = require('@duckdb/node-api');
const instance = await DuckDBInstance.create(':memory:');
const db = await instance.connect();
const quote = (text) => `'${text.replaceAll("'", "''")}'`;

for (const word of process.argv.slice(2)) {
	const [, name, value] = word.match(/^([a-z_]+)=(.*)$/s) ?? [];

	if (name) {
		await db.run(name === 'run' ? value : `SET VARIABLE ${name} = ${quote(value)}`);
		continue;
	}
	const begin = performance.now();
	const statements = await db.extractStatements(readFileSync(word, 'utf8'));
	let rows = [];

	for (let i = 0; i < statements.count; i++) {
		const statement = await statements.prepare(i);

		rows = (await statement.runAndReadAll()).getRowObjectsJson();
	}
	console.log(JSON.stringify({
		file: basename(word), rows, seconds: (performance.now() - begin) / 1000,
		peak_bytes: process.resourceUsage().maxRSS * 1024,
	}));
}
