// A stand-in of ours for providers that no library of the tests behaves like: Entra (templated issuer, tid and oid, no
// email_verified) and Google (hd), providers that answer with iss (RFC 9207), and ones that are ill. What it says and
// how is set per test.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { base64url, jws, newKey, publicJwk, signer } from './forge.mjs';

/** RSA keys are slow to make: the stand-ins of a process share one, each under a name of its own. */
let rsa;

const NOW = () => Math.floor(Date.now() / 1000);

/** Entra's: one key set speaks for many issuers, and the token's tid says for which. */
export const ENTRA = {
  path: '/organizations/v2.0',
  issuer: (base) => `${base}/{tenantid}/v2.0`,
  metadata: () => ({ tenant_region_scope: null, subject_types_supported: ['pairwise'] }),
};

export class StandIn {
  #server;
  #codes = new Map();
  #tokens = new Map();

  /**
   * `path` is where the issuer lies below the host, `issuer` what the metadata calls it, `metadata` what they say
   * besides, `issParameter` whether answers carry iss.
   */
  static async start({ path = '', issuer, metadata, issParameter = false, host = '127.0.0.1' } = {}) {
    const it = new StandIn();
    it.#server = http.createServer((request, response) => it.#answer(request, response));
    await new Promise((resolve) => it.#server.listen(0, '127.0.0.1', resolve));
    it.base = `http://${host}:${it.#server.address().port}`;
    Object.assign(it, { path, url: `${it.base}${path}`, issParameter });
    it.issuer = issuer?.(it.base) ?? it.url;
    it.extra = metadata?.(it.base) ?? {};
    rsa ??= newKey('RS256');
    it.key = { ...rsa, kid: randomUUID() };
    it.keys = [publicJwk(it.key)];
    it.reset();
    return it;
  }

  /** Well again, nothing asked yet. */
  reset() {
    /** The claims of the next ID token, over the usual ones. */
    this.claims = {};
    /** What the userinfo endpoint says, over the token's sub. */
    this.userinfo = {};
    /** Bends the answer that goes through the browser. */
    this.redirect = () => {};
    /** Instead of an answer: `discovery`, `jwks`, `authorize`, `token`, `userinfo`; each `(request, response) => void`. */
    this.ill = {};
    /** How often each was asked. */
    this.asked = { discovery: 0, jwks: 0, authorize: 0, token: 0, userinfo: 0 };
    /** The authorization requests as they came. */
    this.requests = [];
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  metadata() {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.base}${this.path}/authorize`,
      token_endpoint: `${this.base}${this.path}/token`,
      userinfo_endpoint: `${this.base}${this.path}/userinfo`,
      jwks_uri: `${this.base}${this.path}/keys`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      ...(this.issParameter ? { authorization_response_iss_parameter_supported: true } : {}),
      ...this.extra,
    };
  }

  #answer(request, response) {
    const url = new URL(request.url, this.base);
    const places = {
      [`${this.path}/.well-known/openid-configuration`]: 'discovery',
      [`${this.path}/keys`]: 'jwks',
      [`${this.path}/authorize`]: 'authorize',
      [`${this.path}/token`]: 'token',
      [`${this.path}/userinfo`]: 'userinfo',
    };
    const place = places[url.pathname];
    if (!place) return json(response, { error: 'not_found' }, 404);
    this.asked[place] += 1;
    if (this.ill[place]) return this.ill[place](request, response);
    if (place === 'discovery') return json(response, this.metadata());
    if (place === 'jwks') return json(response, { keys: this.keys });
    if (place === 'authorize') return this.#authorize(url, response);
    if (place === 'userinfo') return this.#userinfo(request, response);
    return this.#token(request, response);
  }

  /** Nobody has to sign in here: the answer is immediate. */
  #authorize(url, response) {
    const asked = Object.fromEntries(url.searchParams);
    this.requests.push(asked);
    const code = randomUUID();
    this.#codes.set(code, asked);
    const back = new URL(asked.redirect_uri);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.state);
    if (this.issParameter) back.searchParams.set('iss', this.issuer);
    this.redirect(back);
    response.writeHead(302, { location: back.href }).end();
  }

  async #token(request, response) {
    const body = new URLSearchParams(await text(request));
    const asked = this.#codes.get(body.get('code'));
    this.#codes.delete(body.get('code'));
    if (!asked || body.get('redirect_uri') !== asked.redirect_uri) return json(response, { error: 'invalid_grant' }, 400);
    const claims = {
      iss: this.issuer, aud: asked.client_id, iat: NOW(), exp: NOW() + 300, nonce: asked.nonce, sub: 'somebody', ...this.claims,
    };
    const idToken = jws({ alg: 'RS256', typ: 'JWT', kid: this.key.kid }, claims, signer(this.key, 'RS256'));
    const accessToken = base64url(randomUUID());
    this.#tokens.set(accessToken, claims.sub);
    return json(response, { access_token: accessToken, token_type: 'Bearer', expires_in: 300, id_token: idToken });
  }

  #userinfo(request, response) {
    const sub = this.#tokens.get(request.headers.authorization?.replace('Bearer ', ''));
    return sub === undefined ? json(response, {}, 401) : json(response, { sub, ...this.userinfo });
  }
}

function json(response, value, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function text(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
