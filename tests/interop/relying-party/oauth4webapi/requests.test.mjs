// npm oauth4webapi: authorization requests as they should not be, and the prompts.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { PASSWORD } from '../../harness.mjs';
import { withPassword } from '../../harness/sign_in.mjs';
import { REDIRECT_URI, relyingPartyWorld } from '../world.mjs';
import { Party } from './party.mjs';

suite('oauth4webapi: authorization requests', () => {
  let world;
  before(async () => {
    world = await relyingPartyWorld();
  });
  after(() => world?.muster.stop());

  const party = async (oidc) => Party.of(await world.application(oidc));

  async function open(address) {
    const browser = world.browser();
    await browser.open(address);
    return browser;
  }

  async function signedIn() {
    const browser = world.browser();
    await browser.open(world.org.login);
    await withPassword(browser, world.ana.email);
    return browser;
  }

  /** The application is told, with state and iss. */
  async function told(rp, parameters, error) {
    const begun = await rp.begin(parameters);
    const browser = await open(begun.address);
    assert.ok(browser.page.stopped, `expected to be sent back: ${browser.page.text}`);
    assert.throws(() => rp.answer(browser.page.url, begun), (thrown) => thrown.error === error);
    assert.equal(browser.page.url.searchParams.get('state'), begun.state);
    assert.equal(browser.page.url.searchParams.get('iss'), world.org.issuer);
  }

  /** The person is told; the browser is sent nowhere. */
  async function shown(rp, parameters, heading) {
    const browser = await open((await rp.begin(parameters)).address);
    assert.ok(!browser.page.stopped && browser.page.url.origin === world.muster.base);
    assert.equal(browser.page.status, 400);
    assert.match(browser.page.heading, heading);
  }

  for (const [what, uri] of [
    ['another path', 'http://127.0.0.1:9/other'],
    ['another host', 'http://evil.example/callback'],
    ['a longer path', `${REDIRECT_URI}/more`],
    ['a query', `${REDIRECT_URI}?a=b`],
    ['a fragment', `${REDIRECT_URI}#x`],
    ['user information', 'http://127.0.0.1:9@evil.example/callback'],
    ['a backslash', 'http://127.0.0.1:9\\@evil.example/callback'],
    ['another scheme', 'javascript:alert(1)'],
    ['upper case', 'http://127.0.0.1:9/CALLBACK'],
    ['dots', 'http://127.0.0.1:9/x/../callback'],
    ['another port of loopback, for a confidential client', 'http://127.0.0.1:10/callback'],
  ]) {
    test(`unregistered redirect URI (${what}) is shown, not redirected`, async () => {
      await shown(await party(), { redirect_uri: uri }, /return address is not registered|could not be read|This request/);
    });
  }

  test('an unknown client is shown, not redirected', async () => {
    await shown(await party(), { client_id: 'f'.repeat(24) }, /not known here/);
  });

  test('a client of another organization is unknown in this one', async () => {
    const other = await world.muster.organization('Neighbours');
    const theirs = await other.application('Theirs', { redirectUris: [REDIRECT_URI], tokenEndpointAuthMethod: 'none' });
    await shown(await party(), { client_id: theirs.clientId }, /not known here/);
    const control = await Party.of(theirs);
    const browser = await open((await control.begin()).address);
    assert.match(browser.page.heading, /Log in to your application/);
  });

  test('a redirect URI sent twice is shown', async () => {
    const { address } = await (await party()).begin();
    const browser = await open(`${address}&redirect_uri=${encodeURIComponent('http://evil.example/')}`);
    assert.equal(browser.page.status, 400);
    assert.ok(!browser.page.stopped);
  });

  test('plain PKCE is refused', async () => {
    await told(await party(), { code_challenge: 'a'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request');
    await told(await party(), { code_challenge: 'a'.repeat(43), code_challenge_method: undefined }, 'invalid_request');
  });

  test('a public client without PKCE is refused', async () => {
    const rp = await party({ tokenEndpointAuthMethod: 'none' });
    await told(rp, { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request');
  });

  test('a confidential client that may do without PKCE is let in, and may not bring a verifier later', async () => {
    const rp = await party({ requirePkce: false });
    const begun = await rp.begin({ code_challenge: undefined, code_challenge_method: undefined });
    const browser = await signedIn();
    await browser.open(begun.address);
    const params = rp.answer(browser.page.url, begun);
    const answer = await rp.redeem(params, begun.verifier);
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error, 'invalid_grant');
  });

  for (const [what, parameters, error] of [
    ['response_type=token', { response_type: 'token' }, 'unsupported_response_type'],
    ['response_type=code id_token', { response_type: 'code id_token' }, 'unsupported_response_type'],
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['a scope without openid', { scope: 'email' }, 'invalid_scope'],
    ['response_mode=window', { response_mode: 'window' }, 'invalid_request'],
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['prompt=none login', { prompt: 'none login' }, 'invalid_request'],
    ['a negative max_age', { max_age: '-1' }, 'invalid_request'],
    ['an unsigned request object', { request: 'e30.e30.' }, 'invalid_request_object'],
    ['a request_uri', { request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
    ['a registration', { registration: '{}' }, 'registration_not_supported'],
    ['prompt=none without a session', { prompt: 'none' }, 'login_required'],
  ]) {
    test(`${what}: ${error} at the application`, async () => {
      await told(await party(), parameters, error);
    });
  }

  test('prompt=none with a session answers at once', async () => {
    const rp = await party();
    const browser = await signedIn();
    const begun = await rp.begin({ prompt: 'none' });
    await browser.open(begun.address);
    assert.equal((await rp.finish(browser, begun)).claims.sub, world.ana.id);
  });

  test('prompt=none for someone outside the group: access_denied', async () => {
    const rp = await party();
    const browser = world.browser();
    await browser.open(world.org.login);
    await withPassword(browser, world.outsider.email);
    const begun = await rp.begin({ prompt: 'none' });
    await browser.open(begun.address);
    assert.throws(() => rp.answer(browser.page.url, begun), { error: 'access_denied' });
  });

  test('prompt=none with the id_token_hint of somebody else: login_required', async () => {
    const rp = await party();
    const browser = await signedIn();
    const begun = await rp.begin();
    await browser.open(begun.address);
    const { id_token: hint } = await rp.finish(browser, begun);
    const control = await rp.begin({ prompt: 'none', id_token_hint: hint });
    await browser.open(control.address);
    assert.equal((await rp.finish(browser, control)).claims.sub, world.ana.id);
    const stranger = world.browser();
    await stranger.open(world.org.login);
    await withPassword(stranger, world.outsider.email);
    const other = await rp.begin({ prompt: 'none', id_token_hint: hint });
    await stranger.open(other.address);
    assert.throws(() => rp.answer(stranger.page.url, other), { error: 'login_required' });
  });

  test('prompt=login asks for the password although there is a session; auth_time moves', async () => {
    const rp = await party();
    const browser = await signedIn();
    const first = await rp.begin();
    await browser.open(first.address);
    const before = (await rp.finish(browser, first)).claims;
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const begun = await rp.begin({ prompt: 'login' });
    await browser.open(begun.address);
    assert.ok(!browser.page.stopped);
    await withPassword(browser, world.ana.email);
    const claims = (await rp.finish(browser, begun)).claims;
    assert.ok(claims.auth_time > before.auth_time, `${claims.auth_time} after ${before.auth_time}`);
  });

  test('prompt=login cannot be passed by going around the password page', async () => {
    const rp = await party();
    const browser = await signedIn();
    const begun = await rp.begin({ prompt: 'login' });
    await browser.open(begun.address);
    const flow = browser.page.url.searchParams.get('flow') ?? new URL(browser.page.forms[0].action, browser.page.url).searchParams.get('flow');
    await browser.open(`${world.muster.base}/o/${world.org.slug}/oauth2/auth/resume?flow=${flow}`);
    assert.ok(!browser.page.stopped, 'no code without the password');
  });

  test('login_hint fills in the e-mail beside the password', async () => {
    const rp = await party();
    const browser = world.browser();
    const begun = await rp.begin({ login_hint: world.ana.email });
    await browser.open(begun.address);
    assert.equal(browser.page.field('username'), world.ana.email);
    await browser.submit({ password: PASSWORD }, { button: 'SSO Login' });
    assert.equal((await rp.finish(browser, begun)).claims.sub, world.ana.id);
  });

  test('a login_hint may be corrected', async () => {
    const rp = await party();
    const browser = world.browser();
    const begun = await rp.begin({ login_hint: 'ana+typo@relying.example' });
    await browser.open(begun.address);
    await withPassword(browser, world.ana.email);
    assert.equal((await rp.finish(browser, begun)).claims.sub, world.ana.id);
  });

  test('response_mode=form_post: the answer is a form with code, state and iss', async () => {
    const rp = await party();
    const browser = await signedIn();
    const begun = await rp.begin({ response_mode: 'form_post' });
    await browser.open(begun.address);
    const [form] = browser.page.forms;
    assert.equal(form.action, REDIRECT_URI);
    const params = oauth.validateAuthResponse(rp.server, rp.client, new URLSearchParams(form.fields), begun.state);
    const tokens = await rp.tokens(await rp.redeem(params, begun.verifier), begun);
    assert.equal(tokens.claims.sub, world.ana.id);
  });

  test('an authorization request by POST from the application\'s own page', async () => {
    const rp = await party();
    const browser = await signedIn();
    const begun = await rp.begin();
    const address = new URL(begun.address);
    await browser.post(`${address.origin}${address.pathname}`, Object.fromEntries(address.searchParams), REDIRECT_URI);
    assert.equal((await rp.finish(browser, begun)).claims.sub, world.ana.id);
  });

  test('a sign-in that waits belongs to the browser that began it (login CSRF)', async () => {
    const rp = await party();
    const [mine, theirs] = [world.browser(), world.browser()];
    await mine.open((await rp.begin()).address);
    await theirs.open(world.org.login);
    await theirs.open(mine.page.url.href);
    assert.equal(theirs.page.status, 404);
    assert.match(theirs.page.heading, /nothing here/i);
  });

  test('an inactive application is shown', async () => {
    const application = await world.application();
    const body = await world.org.api.get(`/api/applications/${application.id}`);
    await world.org.api.put(`/api/applications/${application.id}`, { ...body, active: false });
    const rp = await Party.of(application);
    const browser = await open((await rp.begin()).address);
    assert.equal(browser.page.status, 403);
    assert.match(browser.page.heading, /is not active/);
  });
});
