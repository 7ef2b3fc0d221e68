// npm oidc-provider standing where Okta, Google or Entra would: a certified implementation with pages of its own.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { newKey } from '../forge.mjs';

export const CLIENT_SECRET = 'upstream-secret-of-the-tests';

/**
 * A provider for one client. `people` maps its logins to claims and may be changed at any time; `claimsInIdToken` is
 * what Okta, Google and Entra do, without it they are at the userinfo endpoint only, as OpenID Connect Core says.
 */
export async function startUpstream({ redirectUri, claimsInIdToken = true, alg = 'RS256', clientAuth = 'client_secret_basic' }) {
  const people = new Map();
  const state = { keys: [newKey(alg, `${alg}-1`)] };
  let provider;
  const server = createServer((request, response) => provider.callback()(request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Another host name than Muster's, so that the browser's requests between them are cross-site.
  const url = `http://localhost:${server.address().port}`;
  const make = () => {
    provider = quietly(() => new Provider(url, configuration({ redirectUri, claimsInIdToken, alg, clientAuth, people, keys: state.keys })));
  };
  make();
  return {
    url,
    people,
    /** A new key signs from now on; the old one is still published. Sessions there are forgotten. */
    rotate() {
      state.keys = [newKey(alg, `${alg}-${state.keys.length + 1}`), ...state.keys];
      make();
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function configuration({ redirectUri, claimsInIdToken, alg, clientAuth, people, keys }) {
  return {
    clients: [{
      client_id: 'muster',
      client_secret: CLIENT_SECRET,
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: clientAuth,
      id_token_signed_response_alg: alg,
    }],
    jwks: { keys },
    cookies: { keys: ['interop'] },
    conformIdTokenClaims: !claimsInIdToken,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'given_name', 'family_name', 'preferred_username'] },
    pkce: { required: () => true },
    findAccount: (_, login) => people.has(login) && { accountId: login, claims: () => ({ sub: login, ...people.get(login) }) },
    ttl: { Interaction: 600, Session: 3600, Grant: 3600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
  };
}

/** Its development pages are what these tests use; it warns of them at length. */
function quietly(make) {
  const { warn, info } = console;
  console.warn = () => {};
  console.info = () => {};
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}

/** A person at its pages: login, then consent where it is asked for. */
export async function signInThere(browser, login) {
  await browser.submit({ login, password: 'anything' });
  if (/Authorize/.test(browser.page.heading)) await browser.submit({}, { button: 'Continue' });
  return browser.page;
}
