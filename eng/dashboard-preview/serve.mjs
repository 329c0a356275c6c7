// Serves the page that draws the dashboards without Grafana, their JSON, and of Prometheus' API what reads, all from one origin. On loopback only: it
// asks for no password. node serve.mjs SITE, with PORT, PROMETHEUS_URL, and if wanted TRACES_URL (the Aspire dashboard) and DASHBOARDS_PATH.
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

if (!process.argv[2] || !process.env.PROMETHEUS_URL) {
  console.error('Usage: PROMETHEUS_URL=http://localhost:9090 node serve.mjs SITE, where SITE is the folder that build.sh prints.');
  process.exit(1);
}

const site = resolve(process.argv[2]);
const prometheus = process.env.PROMETHEUS_URL;
const traces = process.env.TRACES_URL;
const port = Number(process.env.PORT || 3000);
const dashboards = process.env.DASHBOARDS_PATH || fileURLToPath(new URL('../../monitoring/grafana/dashboards', import.meta.url));

// What panels, annotations and variables ask for; nothing that changes or deletes.
const queries = /^\/api\/v1\/(query|query_range|query_exemplars|label\/\w+\/values)$/;
// The addresses of the pages are Grafana's, so that a dashboard's own links lead to its siblings.
const pages = /^\/($|alerting\/list$|d\/[^/]+(\/[^/]+)?$)/;
const types = { '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

const server = createServer(async (incoming, outgoing) => {
  outgoing.setHeader('X-Content-Type-Options', 'nosniff');
  try {
    await answer(incoming, outgoing, new URL(incoming.url, 'http://localhost'));
  } catch (error) {
    console.error(`${incoming.method} ${incoming.url}: ${error.message}`);
    say(outgoing, error instanceof URIError || error.code === 'ERR_INVALID_URL' ? 400 : 500, error.message);
  }
});

async function answer(incoming, outgoing, { pathname, search }) {
  // A page of elsewhere whose name was made to lead here must not read what this one reads.
  if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(incoming.headers.host ?? '')) return say(outgoing, 421, 'Ask for localhost.');

  const reads = incoming.method === 'GET' || incoming.method === 'HEAD';
  if (queries.test(pathname) && (reads || incoming.method === 'POST')) return passOn(incoming, outgoing, pathname + search);
  if (!reads) return say(outgoing, 405, 'This only reads.');

  const trace = /^\/traces\/detail\/([^/]+)$/.exec(pathname);
  if (trace && traces) return outgoing.writeHead(302, { Location: new URL(`traces/detail/${trace[1]}`, traces).href }).end();
  if (trace) return say(outgoing, 404, 'Traces are shown by the Aspire dashboard, and none runs.');
  if (pathname === '/dashboards') return list(incoming, outgoing);
  return sendFile(incoming, outgoing, pages.test(pathname) ? '/index.html' : pathname);
}

function passOn(incoming, outgoing, path) {
  // A GET goes without its body: unframed, Prometheus would read it as another request.
  const posts = incoming.method === 'POST';
  const names = ['accept', 'accept-encoding', ...(posts ? ['content-type', 'content-length'] : [])];
  const headers = Object.fromEntries(names.filter((name) => incoming.headers[name]).map((name) => [name, incoming.headers[name]]));
  const asked = request(new URL(path, prometheus), { method: incoming.method, headers }, (given) => {
    const { 'content-type': contentType, 'content-encoding': contentEncoding } = given.headers;
    outgoing.writeHead(given.statusCode, { ...(contentType && { 'Content-Type': contentType }), ...(contentEncoding && { 'Content-Encoding': contentEncoding }) });
    send(given, outgoing);
  });
  asked.on('error', (error) => {
    if (outgoing.headersSent) return outgoing.destroy();
    outgoing.writeHead(502, { 'Content-Type': 'application/json' }).end(JSON.stringify({ status: 'error', error: `Prometheus does not respond: ${error.message}` }));
  });
  outgoing.on('close', () => asked.destroy());
  if (posts) incoming.pipe(asked);
  else asked.end();
}

// Read anew for each page: whoever edits a dashboard reloads and sees it.
async function list(incoming, outgoing) {
  const files = (await readdir(dashboards, { recursive: true })).filter((name) => name.endsWith('.json')).sort();
  const all = await Promise.all(files.map(async (name) => {
    try {
      return JSON.parse(await readFile(join(dashboards, name), 'utf8'));
    } catch (error) {
      throw new Error(`${name} cannot be read: ${error.message}`);
    }
  }));
  outgoing.setHeader('Content-Type', 'application/json');
  outgoing.setHeader('Vary', 'Accept-Encoding');
  const json = JSON.stringify(all);
  if (!accepts(incoming, 'gzip')) return outgoing.end(json);
  outgoing.setHeader('Content-Encoding', 'gzip');
  outgoing.end(gzipSync(json));
}

async function sendFile(incoming, outgoing, path) {
  const file = join(site, decodeURIComponent(path));
  const found = file.startsWith(site + sep) && types[extname(file)] ? await stat(file).catch(() => undefined) : undefined;
  if (!found?.isFile()) return say(outgoing, 404, 'There is no such page.');

  const [encoding, suffix] = (await Promise.all([['br', '.br'], ['gzip', '.gz']].map(async (way) => accepts(incoming, way[0]) && await stat(file + way[1]).catch(() => undefined) && way))).find(Boolean) || [];
  const tag = `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}${suffix ?? ''}"`;
  const headers = { 'Content-Type': types[extname(file)], 'Cache-Control': 'no-cache', ETag: tag, Vary: 'Accept-Encoding', ...(encoding && { 'Content-Encoding': encoding }) };
  if (incoming.headers['if-none-match'] === tag) return outgoing.writeHead(304, headers).end();
  outgoing.writeHead(200, headers);
  if (incoming.method === 'HEAD') return outgoing.end();
  send(createReadStream(file + (suffix ?? '')), outgoing);
}

// When either end breaks off, so does the other: a browser that left holds no file open, and one that is there does not wait for the rest of an answer.
function send(content, outgoing) {
  pipeline(content, outgoing, (error) => {
    if (error && error.code !== 'ERR_STREAM_PREMATURE_CLOSE') console.error(`An answer broke off: ${error.message}`);
  });
}

function accepts(incoming, encoding) {
  return (incoming.headers['accept-encoding'] ?? '').split(',').some((word) => word.trim().split(';')[0] === encoding);
}

function say(outgoing, status, sentence) {
  if (!outgoing.headersSent) outgoing.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  outgoing.end(sentence);
}

// A browser keeps its connections open; the end does not wait for them.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
server.on('error', (error) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use.` : error.message);
  process.exit(1);
});
server.listen(port, '127.0.0.1', () => console.log(`The dashboards are at http://localhost:${port}`));
