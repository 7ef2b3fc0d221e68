// npm oauth4webapi: codes, secrets, refresh tokens and keys as they should not be used.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { withPassword } from '../../harness/sign_in.mjs';
import { REDIRECT_URI, relyingPartyWorld } from '../world.mjs';
import { INSECURE, Party, authentication } from './party.mjs';

const OFFLINE = { scope: 'openid email offline_access' };

suite('oauth4webapi: tokens', () => {
  let world;
  let browser;
  before(async () => {
    world = await relyingPartyWorld();
    browser = world.browser();
    await browser.open(world.org.login);
    await withPassword(browser, world.ana.email);
  });
  after(() => world?.muster.stop());

  const party = async (oidc) => Party.of(await world.application(oidc));

  /** A code that was just issued. */
  async function code(rp, parameters) {
    const begun = await rp.begin(parameters);
    await browser.open(begun.address);
    return { begun, params: rp.answer(browser.page.url, begun) };
  }

  async function tokens(rp, parameters) {
    const { begun, params } = await code(rp, parameters);
    return rp.tokens(await rp.redeem(params, begun.verifier), begun);
  }

  async function refused(answer, status, error) {
    assert.equal(answer.status, status, await answer.clone().text());
    assert.equal((await answer.json()).error, error);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  }

  for (const method of ['client_secret_post', 'client_secret_basic']) {
    test(`wrong secret by ${method}: invalid_client; the code is not used up by it`, async () => {
      const rp = await party({ tokenEndpointAuthMethod: method });
      const { begun, params } = await code(rp);
      const wrong = await rp.redeem(params, begun.verifier, { authentication: authentication(method, 'w'.repeat(43)) });
      if (method === 'client_secret_basic') assert.match(wrong.headers.get('www-authenticate'), /^Basic /);
      await refused(wrong, 401, 'invalid_client');
      assert.ok((await rp.tokens(await rp.redeem(params, begun.verifier), begun)).access_token);
    });
  }

  test('a confidential client without its secret: invalid_client', async () => {
    const rp = await party();
    const { begun, params } = await code(rp);
    await refused(await rp.redeem(params, begun.verifier, { authentication: oauth.None() }), 401, 'invalid_client');
  });

  test('a code redeemed twice: refused, and what the first redemption gave is revoked', async () => {
    const rp = await party();
    const { begun, params } = await code(rp, OFFLINE);
    const first = await rp.tokens(await rp.redeem(params, begun.verifier), begun);
    assert.equal((await rp.userinfo(first.access_token)).status, 200);
    await refused(await rp.redeem(params, begun.verifier), 400, 'invalid_grant');
    await refused(await rp.refresh(first.refresh_token), 400, 'invalid_grant');
    assert.equal((await rp.userinfo(first.access_token)).status, 401);
  });

  test('a code redeemed twice at the same moment gives one set of tokens', async () => {
    const rp = await party();
    const { begun, params } = await code(rp);
    const answers = await Promise.all([1, 2, 3, 4].map(() => rp.redeem(params, begun.verifier)));
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1);
  });

  test('a code without its verifier, and with another one: invalid_grant', async () => {
    const rp = await party();
    const one = await code(rp);
    await refused(await rp.redeem(one.params, oauth.generateRandomCodeVerifier()), 400, 'invalid_grant');
    const two = await code(rp);
    await refused(await rp.redeem(two.params, oauth.nopkce), 400, 'invalid_grant');
  });

  test('a code at another redirect URI, and at another client: invalid_grant', async () => {
    const rp = await party({ redirectUris: [REDIRECT_URI, 'http://127.0.0.1:9/second'] });
    const one = await code(rp);
    await refused(await rp.redeem(one.params, one.begun.verifier, { redirectUri: 'http://127.0.0.1:9/second' }), 400, 'invalid_grant');
    const [mine, other] = [await code(rp), await party()];
    const params = other.answer(`${REDIRECT_URI}?${mine.params}`, mine.begun);
    await refused(await other.redeem(params, mine.begun.verifier), 400, 'invalid_grant');
  });

  test('refresh: rotation, reuse revokes the family, another client learns nothing', async () => {
    const [rp, other] = [await party(), await party()];
    const first = await tokens(rp, OFFLINE);
    await refused(await other.refresh(first.refresh_token), 400, 'invalid_grant');
    const second = await oauth.processRefreshTokenResponse(rp.server, rp.client, await rp.refresh(first.refresh_token));
    // A lost answer is given again, once it arrived no more.
    const again = await oauth.processRefreshTokenResponse(rp.server, rp.client, await rp.refresh(first.refresh_token));
    assert.equal(again.refresh_token, second.refresh_token);
    const third = await oauth.processRefreshTokenResponse(rp.server, rp.client, await rp.refresh(second.refresh_token));
    await refused(await rp.refresh(first.refresh_token), 400, 'invalid_grant');
    await refused(await rp.refresh(third.refresh_token), 400, 'invalid_grant');
  });

  test('refresh: the same token at the same moment gives one token that follows it', async () => {
    const rp = await party();
    const { refresh_token: token } = await tokens(rp, OFFLINE);
    const answers = await Promise.all([1, 2, 3, 4].map(() => rp.refresh(token)));
    assert.deepEqual(answers.map((answer) => answer.status), [200, 200, 200, 200]);
    const next = await Promise.all(answers.map(async (answer) => (await answer.json()).refresh_token));
    assert.equal(new Set(next).size, 1);
  });

  test('refresh: of a public client, the same token at the same moment gives at most one set of tokens', async () => {
    const rp = await party({ tokenEndpointAuthMethod: 'none' });
    const { refresh_token: token } = await tokens(rp, OFFLINE);
    const answers = await Promise.all([1, 2, 3, 4].map(() => rp.refresh(token)));
    assert.ok(answers.filter((answer) => answer.status === 200).length <= 1);
    for (const answer of answers) assert.ok(answer.status === 200 || answer.status === 400, `${answer.status}`);
  });

  test('refresh: the scope shrinks and never grows', async () => {
    const rp = await party();
    const { refresh_token: token } = await tokens(rp, OFFLINE);
    const ask = (scope) => oauth.refreshTokenGrantRequest(rp.server, rp.client, rp.authentication, token, {
      ...INSECURE,
      additionalParameters: { scope },
    });
    await refused(await ask('openid email profile offline_access'), 400, 'invalid_scope');
    const narrowed = await (await ask('openid')).json();
    assert.equal(narrowed.scope, 'openid');
    const userinfo = await (await rp.userinfo(narrowed.access_token)).json();
    assert.ok(!('email' in userinfo), 'the narrower token tells less');
  });

  test('a suspended person: refresh and userinfo stop at once', async () => {
    const eva = await world.org.user('eva@relying.example');
    await world.org.join(world.members, eva);
    const rp = await party();
    const theirs = world.browser();
    const begun = await rp.begin(OFFLINE);
    await theirs.open(begun.address);
    await withPassword(theirs, eva.email);
    const got = await rp.finish(theirs, begun);
    await world.org.api.post(`/api/systemusers/${eva.id}/state/suspend`);
    await refused(await rp.refresh(got.refresh_token), 400, 'invalid_grant');
    assert.equal((await rp.userinfo(got.access_token)).status, 401);
    const next = await rp.begin();
    await theirs.open(next.address);
    assert.ok(!theirs.page.stopped, 'the browser session is over too');
  });

  test('someone who leaves the group: refresh stops', async () => {
    const leaver = await world.org.user('leaver@relying.example');
    const group = await world.org.group('Leaving', [leaver]);
    const application = await world.application();
    await world.org.bind(application, group);
    const rp = await Party.of(application);
    const theirs = world.browser();
    const begun = await rp.begin(OFFLINE);
    await theirs.open(begun.address);
    await withPassword(theirs, leaver.email);
    const got = await rp.finish(theirs, begun);
    await world.org.api.post(`/api/v2/usergroups/${group.id}/members`, { op: 'remove', type: 'user', id: leaver.id });
    await refused(await rp.refresh(got.refresh_token), 400, 'invalid_grant');
  });

  test('revocation ends the family; an unknown token is answered alike (RFC 7009)', async () => {
    const rp = await party();
    const got = await tokens(rp, OFFLINE);
    await rp.revoke(got.refresh_token);
    await refused(await rp.refresh(got.refresh_token), 400, 'invalid_grant');
    await rp.revoke('unknown'.repeat(6));
  });

  test('unknown grant types and malformed bodies are the client\'s errors', async () => {
    const rp = await party();
    const ask = (body) => fetch(rp.server.token_endpoint, { method: 'POST', body: new URLSearchParams(body) });
    await refused(await ask({ grant_type: 'password', client_id: rp.client.client_id, username: 'a', password: 'b' }), 401, 'invalid_client');
    const answer = await oauth.genericTokenEndpointRequest(rp.server, rp.client, rp.authentication, 'password', {}, INSECURE);
    await refused(answer, 400, 'unsupported_grant_type');
    await refused(await fetch(rp.server.token_endpoint, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }), 400, 'invalid_request');
  });

  test('userinfo without, with a foreign and with an ID token: 401 with WWW-Authenticate', async () => {
    const rp = await party();
    const got = await tokens(rp);
    for (const authorization of [undefined, 'Bearer x', `Bearer ${got.id_token}`, `Bearer ${got.access_token}x`]) {
      const answer = await fetch(rp.server.userinfo_endpoint, { headers: authorization ? { authorization } : {} });
      assert.equal(answer.status, 401, `${authorization}`);
      assert.match(answer.headers.get('www-authenticate'), /^Bearer/);
    }
  });

  test('a token of one organization opens nothing in another', async () => {
    const rp = await party();
    const got = await tokens(rp);
    const other = await world.muster.organization('Foreign tokens');
    const answer = await fetch(`${other.issuer}/userinfo`, { headers: { authorization: `Bearer ${got.access_token}` } });
    assert.equal(answer.status, 401);
    assert.equal((await rp.userinfo(got.access_token)).status, 200);
  });

  test('two secrets overlap; a deleted one is refused', async () => {
    const application = await world.application();
    const rp = await Party.of(application);
    const path = `/api/v2/applications/${application.id}`;
    const { clientSecret } = await world.org.api.post(`${path}/secrets`);
    for (const secret of [application.clientSecret, clientSecret]) {
      const { begun, params } = await code(rp);
      const answer = await rp.redeem(params, begun.verifier, { authentication: oauth.ClientSecretPost(secret) });
      assert.ok((await rp.tokens(answer, begun)).access_token);
    }
    const { oidc } = await world.org.api.get(`${path}/sso`);
    const old = oidc.secrets.find((s) => application.clientSecret.endsWith(s.hint.replace('…', '')));
    await world.org.api.delete(`${path}/secrets/${old.id}`);
    const { begun, params } = await code(rp);
    await refused(await rp.redeem(params, begun.verifier), 401, 'invalid_client');
  });

  for (const alg of ['RS256', 'ES256', 'EdDSA']) {
    test(`key rotation in mid-flight (${alg}): the new kid appears, old tokens go on`, async () => {
      const rp = await party({ idTokenSignedResponseAlg: alg });
      const { begun, params } = await code(rp);
      const old = await tokens(rp, OFFLINE);
      const kids = async () => (await (await fetch(rp.server.jwks_uri)).json()).keys.map((key) => key.kid);
      const before = await kids();
      await world.org.api.post('/api/v2/keys/rotate', { alg });
      const afterwards = await kids();
      assert.ok(before.every((kid) => afterwards.includes(kid)), 'the old keys are still published');
      assert.equal(afterwards.length, before.length + 1);
      const keys = await world.org.api.get('/api/v2/keys');
      assert.ok(keys.some((key) => key.alg === alg && afterwards.includes(key.kid) && !before.includes(key.kid)));
      assert.equal((await rp.userinfo(old.access_token)).status, 200);
      assert.ok((await rp.tokens(await rp.redeem(params, begun.verifier), begun)).access_token);
      assert.ok((await oauth.processRefreshTokenResponse(rp.server, rp.client, await rp.refresh(old.refresh_token))).id_token);
    });
  }
});
