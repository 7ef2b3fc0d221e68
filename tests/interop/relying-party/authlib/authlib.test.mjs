// authlib (PyPI), configured by discovery alone: a Flask site that people sign in to, and programs with OAuth2Session.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { PASSWORD } from '../../harness.mjs';
import { withPassword } from '../../harness/sign_in.mjs';
import { POST_LOGOUT_URI, REDIRECT_URI, relyingPartyWorld } from '../world.mjs';
import { Python } from './party.mjs';

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code';
const MACHINE = { grantTypes: ['client_credentials'], redirectUris: [], scope: 'reports.read' };

suite('authlib', () => {
  let world;
  let python;
  before(async () => {
    [world, python] = await Promise.all([relyingPartyWorld(), Python.start()]);
  });
  after(async () => {
    python?.stop();
    await world?.muster.stop();
  });

  function website({ issuer, clientId, clientSecret, settings }, scope = 'openid email profile offline_access') {
    const method = settings.tokenEndpointAuthMethod;
    return python.make('website', { issuer, client_id: clientId, client_secret: clientSecret ?? null, redirect_uri: REDIRECT_URI, scope, method });
  }

  function program({ issuer, clientId, clientSecret, settings }, more = {}) {
    const method = settings.tokenEndpointAuthMethod;
    return python.make('program', { issuer, client_id: clientId, client_secret: clientSecret ?? null, method, ...more });
  }

  /** Ana signs in at the site; what it got. */
  async function signIn(site, browser = world.browser()) {
    await browser.open(await site('visit', { path: '/login' }));
    if (!browser.page.stopped) await withPassword(browser, world.ana.email, { password: PASSWORD });
    assert.ok(browser.page.stopped, browser.page.text);
    return site('visit', { path: `/callback${browser.page.url.search}` });
  }

  for (const [tokenEndpointAuthMethod, idTokenSignedResponseAlg] of [
    ['client_secret_basic', 'RS256'],
    ['client_secret_post', 'ES256'],
    ['none', 'EdDSA'],
  ]) {
    test(`code flow with PKCE: ${tokenEndpointAuthMethod}, ${idTokenSignedResponseAlg}`, async () => {
      const application = await world.application({ tokenEndpointAuthMethod, idTokenSignedResponseAlg });
      const tokens = await signIn(await website(application));
      assert.equal(JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url')).alg, idTokenSignedResponseAlg);
      // `userinfo` is what authlib read of the ID token once its signature, nonce and at_hash were right.
      assert.equal(tokens.userinfo.sub, world.ana.id);
      assert.equal(tokens.userinfo.iss, world.org.issuer);
      assert.equal(tokens.asked.email, world.ana.email);
      assert.equal(tokens.asked.family_name, 'Sá');
    });
  }

  test('an answer to another visit is refused by its state', async () => {
    const application = await world.application();
    const [site, other] = [await website(application), await website(application)];
    const browser = world.browser();
    await browser.open(await site('visit', { path: '/login' }));
    await withPassword(browser, world.ana.email, { password: PASSWORD });
    await assert.rejects(other('visit', { path: `/callback${browser.page.url.search}` }), { error: 'mismatching_state' });
  });

  test('prompt=none for nobody: the error that authlib hands on', async () => {
    const site = await website(await world.application());
    const browser = world.browser();
    await browser.open(await site('visit', { path: '/login?prompt=none' }));
    await assert.rejects(site('visit', { path: `/callback${browser.page.url.search}` }), { error: 'login_required' });
  });

  test('refresh: rotation, and reuse revokes the family', async () => {
    const application = await world.application();
    const first = await signIn(await website(application));
    const call = await program(application);
    const second = await call('refresh', { refresh_token: first.refresh_token });
    assert.ok(second.refresh_token && second.refresh_token !== first.refresh_token);
    const third = await call('refresh', { refresh_token: second.refresh_token });
    await assert.rejects(call('refresh', { refresh_token: first.refresh_token }), { error: 'invalid_grant' });
    await assert.rejects(call('refresh', { refresh_token: third.refresh_token }), { error: 'invalid_grant' });
  });

  for (const accessTokenFormat of ['jwt', 'opaque']) {
    test(`client credentials, introspection and revocation: ${accessTokenFormat}`, async () => {
      const application = await world.application({ ...MACHINE, tokenEndpointAuthMethod: 'client_secret_basic', accessTokenFormat });
      const call = await program(application);
      const tokens = await call('token', { grant_type: 'client_credentials', scope: 'reports.read' });
      assert.equal(tokens.token_type, 'Bearer');
      const held = await call('introspect', { token: tokens.access_token });
      assert.deepEqual([held.active, held.client_id, held.scope], [true, application.clientId, 'reports.read']);
      // A signed one is not kept: it lives out its time, and its client is told so (docs/reference/token-endpoint.md).
      assert.equal(await call('revoke', { token: tokens.access_token }), accessTokenFormat === 'jwt' ? 400 : 200);
      assert.equal((await call('introspect', { token: tokens.access_token })).active, accessTokenFormat === 'jwt');
      await assert.rejects(call('token', { grant_type: 'client_credentials', scope: 'admin' }), { error: 'invalid_scope' });
    });
  }

  test('revocation of a refresh token ends what came of it', async () => {
    const application = await world.application({ accessTokenFormat: 'opaque' });
    const tokens = await signIn(await website(application));
    const call = await program(application);
    assert.equal((await call('introspect', { token: tokens.access_token })).active, true);
    assert.equal(await call('revoke', { token: tokens.refresh_token }), 200);
    assert.equal((await call('introspect', { token: tokens.access_token })).active, false);
    await assert.rejects(call('refresh', { refresh_token: tokens.refresh_token }), { error: 'invalid_grant' });
  });

  for (const alg of ['RS256', 'ES256', 'EdDSA']) {
    test(`private_key_jwt with ${alg}; another key is refused`, async () => {
      const key = await python.call('key', { alg });
      const stranger = await python.call('key', { alg });
      const application = await world.application({ ...MACHINE, tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [key] } });
      const call = await program(application, { alg, key: key.kid });
      const tokens = await call('token', { grant_type: 'client_credentials' });
      assert.equal((await call('introspect', { token: tokens.access_token })).active, true);
      const forged = await program(application, { alg, key: stranger.kid });
      await assert.rejects(forged('token', { grant_type: 'client_credentials' }), { error: 'invalid_client' });
    });
  }

  test('device authorization: pending, then allowed by the person', async () => {
    const application = await world.application({ grantTypes: [DEVICE, 'refresh_token'], redirectUris: [], tokenEndpointAuthMethod: 'none' });
    const call = await program(application);
    const begun = await call('device', { scope: 'openid email' });
    const poll = () => call('token', { grant_type: DEVICE, device_code: begun.device_code });
    await assert.rejects(poll(), { error: 'authorization_pending' });
    await assert.rejects(poll(), { error: 'slow_down' });
    const again = await call('device', { scope: 'openid email' });
    const browser = world.browser();
    await browser.open(again.verification_uri_complete);
    await withPassword(browser, world.ana.email, { password: PASSWORD });
    assert.match(browser.page.text, new RegExp(again.user_code));
    await browser.submit({}, { button: 'Allow' });
    const tokens = await call('token', { grant_type: DEVICE, device_code: again.device_code });
    assert.ok(tokens.access_token && tokens.id_token);
  });

  test('sign-out: back to the site with the state it began with', async () => {
    const site = await website(await world.application());
    const browser = world.browser();
    await signIn(site, browser);
    await browser.open(await site('visit', { path: `/logout?to=${encodeURIComponent(POST_LOGOUT_URI)}` }));
    assert.ok(browser.page.stopped && browser.page.url.href.startsWith(POST_LOGOUT_URI));
    const state = await site('visit', { path: `/signed-out${browser.page.url.search}` });
    assert.equal(state.post_logout_redirect_uri, POST_LOGOUT_URI);
  });
});
