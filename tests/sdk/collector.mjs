// The only server that the browser can reach: it stands for every host of the world.
//
// In: TLS requests for any host. Out: the pages of the app, what an SDK loads from its vendor's host as far as the npm
// package brings it along, and a record of every other request. It leaves alone what is in a request (decode.mjs).

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { APP_HOST, REFERRING_HOST, pages } from './pages.mjs';

// A certificate for one run; the browser is told to accept it.
function certificate() {
  const directory = mkdtempSync(join(tmpdir(), 'sdk-cert-'));
  try {
    const key = join(directory, 'key.pem');
    const cert = join(directory, 'cert.pem');
    const subject = ['-subj', '/CN=collector', '-days', '2', '-nodes'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const CORS = (request) => ({
  'access-control-allow-origin': request.headers.origin ?? '*',
  'access-control-allow-credentials': 'true',
  'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
  'access-control-allow-methods': '*',
  'cache-control': 'no-store',
});

/** Starts it; each visit has a number, which is part of the app's host, so that visits can run side by side. */
export async function start() {
  const visits = new Map();
  const server = createServer(certificate(), async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const host = request.headers.host.split(':')[0];
    const url = new URL(request.url, `https://${host}`);
    const send = (status, type, body) => {
      response.writeHead(status, { ...CORS(request), 'content-type': type });
      response.end(body);
    };
    if (request.method === 'OPTIONS') return send(204, 'text/plain', '');
    const own = host.match(APP_HOST) ?? host.match(REFERRING_HOST);
    const visit = visits.get(own?.[1] ?? new URL(request.headers.origin ?? request.headers.referer ?? 'https://none').host.match(APP_HOST)?.[1]);
    if (own) {
      const page = pages(host, url, visit);
      return send(page.status ?? 200, page.type ?? 'text/html', page.body);
    }
    const answer = visit?.sdk.serve?.(url, request.method);
    visit?.requests.push({ phase: visit.phase, method: request.method, url, headers: request.headers, body: Buffer.concat(chunks) });
    if (answer) return send(200, answer.type ?? 'application/json', answer.body);
    if (url.pathname.endsWith('.js')) return send(404, 'text/javascript', '');
    return send(200, 'application/json', '{}');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: server.address().port,
    open(visit) {
      visits.set(visit.id, visit);
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
