// SPDX-License-Identifier: GPL-2.0-only
// ask.mjs duckdb|clickhouse WORD...: in order, NAME=VALUE sets a variable, or parameter, of the engine,
// run=SQL runs a statement, insert=FORMAT:FILE inserts the file's lines into ClickHouse's modtrace_lines, and
// anything else is a file of SQL: the rows of its last statement are printed as a line of JSON,
// { file, rows, seconds, peak_bytes }. The last is the most memory that the process has had so far.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';

const require = createRequire(`${process.env.ENGINE_MODULES}/`);
const quote = (text) => `'${text.replaceAll("'", "''")}'`;

async function duckdb() {
	const { DuckDBInstance } = require('@duckdb/node-api');
	const instance = await DuckDBInstance.create(':memory:');
	const db = await instance.connect();

	return {
		set: (name, value) => db.run(`SET VARIABLE ${name} = ${quote(value)}`),
		run: (sql) => db.run(sql),
		rows: async (sql) => {
			const statements = await db.extractStatements(sql);
			let rows = [];

			for (let i = 0; i < statements.count; i++) {
				const statement = await statements.prepare(i);

				rows = (await statement.runAndReadAll()).getRowObjectsJson();
			}
			return rows;
		},
		close: () => {},
	};
}

function clickhouse() {
	const { Session } = require('chdb');
	const session = new Session();
	const parameters = {};

	return {
		set: (name, value) => { parameters[name] = value; },
		run: (sql) => session.query(sql),
		// In turns, so that what was sent twice comes by different inserts: one alone keeps no copies.
		insert: (format, file) => {
			const pieces = Array.from({ length: 7 }, () => []);

			readFileSync(file, 'utf8').split('\n').filter((line) => line)
				.forEach((line, i) => pieces[i % pieces.length].push(line));
			for (const lines of pieces.filter((lines) => lines.length)) {
				session.query(`INSERT INTO modtrace_lines FORMAT ${format}\n${lines.join('\n')}\n`);
			}
		},
		rows: (sql) => session.queryBind(sql, parameters, 'JSONEachRow').split('\n')
			.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line)),
		close: () => session.close(),
	};
}

const [name, ...words] = process.argv.slice(2);
const engine = await { duckdb, clickhouse }[name]();

for (const word of words) {
	const [, key, value] = word.match(/^([a-z_]+)=(.*)$/s) ?? [];

	if (key === 'run') {
		await engine.run(value);
	} else if (key === 'insert') {
		const [, format, file] = value.match(/^([A-Za-z]+):(.*)$/s);

		await engine.insert(format, file);
	} else if (key) {
		await engine.set(key, value);
	} else {
		const begin = performance.now();
		const rows = await engine.rows(readFileSync(word, 'utf8'));

		console.log(JSON.stringify({
			file: basename(word), rows, seconds: (performance.now() - begin) / 1000,
			peak_bytes: process.resourceUsage().maxRSS * 1024,
		}));
	}
}
await engine.close();
