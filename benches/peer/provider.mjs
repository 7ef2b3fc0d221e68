// npm oidc-provider as fast as its documentation lets it be: in production mode, everything in memory, no consent page,
// one person. Usage: provider.mjs PORT SECRET
import { generateKeyPairSync } from 'node:crypto';
import Provider, { interactionPolicy } from 'oidc-provider';

const [port, secret] = process.argv.slice(2);
const REDIRECT = 'http://127.0.0.1:9/callback';
const RESOURCE = 'urn:bench:api';
const SCOPES = 'openid email offline_access';

function jwk(alg, type, options) {
  return { ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: alg };
}

const algorithms = ['RS256', 'ES256', 'EdDSA'];
const clients = algorithms.flatMap((alg) => [alg, `${alg}-opaque`, `${alg}-refresh`].map((client_id) => ({
  client_id,
  client_secret: secret,
  redirect_uris: [REDIRECT],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  token_endpoint_auth_method: 'client_secret_post',
  id_token_signed_response_alg: alg,
  scope: SCOPES,
})));

/** Everything is kept until it expires; the adapter that comes with it forgets after a thousand. */
const kept = new Map();
const grants = new Map();
class Memory {
  constructor(name) {
    this.name = name;
  }
  key(id) {
    return `${this.name}:${id}`;
  }
  upsert(id, payload, expiresIn) {
    const key = this.key(id);
    if (this.name === 'Session') kept.set(`uid:${payload.uid}`, id);
    if (payload.grantId && this.name !== 'Session') {
      if (!grants.has(payload.grantId)) grants.set(payload.grantId, []);
      grants.get(payload.grantId).push(key);
    }
    kept.set(key, { payload, until: expiresIn ? Date.now() + expiresIn * 1000 : Infinity });
  }
  find(id) {
    const found = kept.get(this.key(id));
    return found && found.until > Date.now() ? found.payload : undefined;
  }
  findByUid(uid) {
    return this.find(kept.get(`uid:${uid}`));
  }
  consume(id) {
    kept.get(this.key(id)).payload.consumed = Math.floor(Date.now() / 1000);
  }
  destroy(id) {
    kept.delete(this.key(id));
  }
  revokeByGrantId(grant) {
    for (const key of grants.get(grant) ?? []) kept.delete(key);
    grants.delete(grant);
  }
}

const policy = interactionPolicy.base();
policy.remove('consent');

const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: Memory,
  clients,
  jwks: { keys: [jwk('RS256', 'rsa', { modulusLength: 2048 }), jwk('ES256', 'ec', { namedCurve: 'P-256' }), jwk('EdDSA', 'ed25519')] },
  cookies: { keys: ['a key of the benchmark'] },
  claims: { openid: ['sub'], email: ['email'] },
  conformIdTokenClaims: false,
  scopes: SCOPES.split(' '),
  pkce: { required: () => true },
  rotateRefreshToken: true,
  // It drops offline_access where no consent page was shown.
  issueRefreshToken: (ctx, client) => client.clientId.endsWith('-refresh'),
  clientDefaults: { grant_types: ['authorization_code'] },
  enabledJWA: { idTokenSigningAlgValues: algorithms },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx, client) => (client.clientId.endsWith('-opaque') ? undefined : RESOURCE),
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, resource, client) => ({
        scope: SCOPES,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3600,
        jwt: { sign: { alg: client.idTokenSignedResponseAlg } },
      }),
    },
  },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: 'ana@bench.example' }) }),
  async loadExistingGrant(ctx) {
    const { client, session, provider: own } = ctx.oidc;
    const before = session.grantIdFor(client.clientId);
    const found = before && await own.Grant.find(before);
    if (found) return found;
    const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(SCOPES);
    grant.addResourceScope(RESOURCE, SCOPES);
    await grant.save();
    return grant;
  },
  interactions: { policy, url: (ctx, interaction) => `/interaction/${interaction.uid}` },
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: 'ana' } }, { mergeWithLastSubmission: false }).then(() => {
    ctx.respond = false;
  });
});
provider.listen(Number(port), '127.0.0.1');
