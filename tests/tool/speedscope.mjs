// SPDX-License-Identifier: GPL-2.0-only
// speedscope.mjs DIRECTORY FILE...: imports each file as speedscope does when it is asked to open one, and
// writes FILE.speedscope, which is what its own Export saves. Its command only opens a browser. DIRECTORY has
// npm's modules.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { runInThisContext } from 'node:vm';

const [modules, ...files] = process.argv.slice(2);
const release = `${modules}/speedscope/dist/release`;
const script = readdirSync(release).find((name) => /^speedscope-\w+\.js$/.test(name));
const source = readFileSync(`${release}/${script}`, 'utf8');
// Neither function has a name of its own outside; these are the places where the application calls them.
const importer = source.match(/loadFileFromBase64:\((\w+),(\w+)\)=>\{this\.loadProfile\(\(\)=>(\w+)\(\1,\2\)\)\}/)[3];
const exporter = source.match(/let (\w+)=(\w+)\(\w+\),\w+=new Blob\(\[JSON\.stringify\(\1\)\]/)[2];

Object.assign(globalThis, {
	window: globalThis, self: globalThis, location: { hash: '', protocol: 'file:' }, localStorage: {},
	addEventListener() {}, matchMedia: () => ({ addListener() {}, addEventListener() {} }),
});
console.log = () => {};
console.warn = console.log;
try {
	runInThisContext(source.replace('(()=>{',
		`(()=>{globalThis.speedscope=[(...a)=>${importer}(...a),(...a)=>${exporter}(...a)];`));
} catch (error) {
	// It ends with drawing the page.
	if (!/document is not defined/.test(error.message))
		throw error;
}
for (const file of files) {
	const group = await globalThis.speedscope[0](basename(file), readFileSync(file).toString('base64'));

	writeFileSync(`${file}.speedscope`, JSON.stringify(globalThis.speedscope[1](group)));
}
