import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringifyExact } from './exactJson.mjs';

const folder = fileURLToPath(new URL('../Vectors/', import.meta.url));
const largestFile = 1_150_000;

/** Writes one case a line, in as many numbered files as their size needs. */
export function writeVectors(name, cases, { numbered = false } = {}) {
    mkdirSync(folder, { recursive: true });
    removeOld(name);
    chunksOf(cases.map(item => stringifyExact(item) + '\n')).forEach((lines, index) =>
        writeFileSync(join(folder, numbered ? `${name}-${index}.jsonl` : `${name}.jsonl`), lines.join('')));
}

/** Writes one JSON document. */
export function writeDocument(name, value) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${name}.json`), stringifyExact(value) + '\n');
}

function removeOld(name) {
    const own = new RegExp(`^${name}(-\\d+)?\\.jsonl$`);
    readdirSync(folder).filter(file => own.test(file)).forEach(file => rmSync(join(folder, file)));
}

function chunksOf(lines) {
    const chunks = [[]];
    let size = 0;
    for (const line of lines) {
        size += Buffer.byteLength(line);
        if (size > largestFile) {
            chunks.push([]);
            size = Buffer.byteLength(line);
        }
        chunks.at(-1).push(line);
    }
    return chunks;
}
