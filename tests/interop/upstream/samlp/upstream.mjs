// npm samlp (Auth0's) as a SAML identity provider on loopback. Who asks is who the test says.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import samlp from 'samlp';

export const ISSUER = 'urn:samlp:interop';

/** A key and its certificate, by openssl. */
function pair() {
  const folder = mkdtempSync(join(tmpdir(), 'samlp-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=samlp', '-days', '30', '-nodes'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  const made = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return made;
}

/** `person`: samlp's profile; `options` are samlp's, and may be changed while it runs. */
export async function startSamlp(options = {}) {
  const own = pair();
  const state = { person: null, acs: null, asked: [], options: { issuer: ISSUER, ...own, ...options } };
  const server = http.createServer((request, response) => answer(state, request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(state, { url, stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) });
}

async function answer(state, request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://x');
  // samlp is written for express.
  Object.assign(request, { protocol: 'http', query: Object.fromEntries(searchParams), body: await form(request), originalUrl: request.url });
  response.set = (name, value) => response.setHeader(name, value);
  response.send = (body) => response.end(typeof body === 'number' ? String(body) : body);
  const failed = (error) => { response.statusCode = 500; response.end(String(error?.message ?? error)); };
  const { issuer, cert } = state.options;
  if (pathname === '/metadata') {
    samlp.metadata({ issuer, cert, redirectEndpointPath: '/sso', postEndpointPath: '/sso' })(request, response, failed);
    return;
  }
  state.asked.push({ ...request.query, ...request.body, method: request.method });
  samlp.auth({
    ...state.options,
    recipient: state.acs,
    destination: state.acs,
    getUserFromRequest: () => state.person,
    getPostURL: (_audience, _request, _express, done) => done(null, state.acs),
  })(request, response, failed);
}

async function form(request) {
  if (request.method !== 'POST') return {};
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
}
