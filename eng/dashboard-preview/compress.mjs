// Puts a compressed copy (.br, .gz) beside each text file of a folder, once, so that serving costs nothing: node compress.mjs FOLDER
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

// Below this the headers weigh more than what is saved.
const smallest = 1024;

for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || !/\.(css|html|js|svg)$/.test(entry.name)) continue;
  const content = readFileSync(file);
  if (content.length < smallest) continue;
  // The highest quality of brotli takes a minute for the page's script, and saves a twentieth.
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
  writeFileSync(`${file}.gz`, gzipSync(content));
}
