// People of an organization sign in at npm oidc-provider, through its own pages.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Browser, startMuster } from '../../harness.mjs';
import { withPassword } from '../../harness/sign_in.mjs';
import { REDIRECT_URI } from '../../relying-party/world.mjs';
import { Party } from '../../relying-party/openid-client/party.mjs';
import { assertRefused, assertSignedIn, routed, typeEmail, whoAmI } from '../federation.mjs';
import { signInThere, startUpstream } from './upstream.mjs';

suite('oidc-provider as the upstream', () => {
  let muster;
  let org;
  let made = 0;
  const upstreams = [];
  before(async () => {
    muster = await startMuster({ egressAllow: ['127.0.0.0/8', '::1/128'] });
    org = await muster.organization('Upstream People');
  });
  after(async () => {
    await Promise.all(upstreams.map((upstream) => upstream.stop()));
    await muster?.stop();
  });

  /** An upstream, its provider here, and a person of both. */
  async function side(type = 'OIDC', options = {}) {
    made += 1;
    const upstream = await startUpstream({ redirectUri: `${muster.base}/oauth/callback`, ...options });
    upstreams.push(upstream);
    const provider = await org.identityProvider(`Upstream ${made}`, { url: upstream.url, type });
    assert.equal(provider.redirectUri, `${muster.base}/oauth/callback`, 'it answers with iss, so the callback is the shared one');
    const route = await routed(org, provider);
    const user = await route.person(`ana${made}@upstream.example`, { password: null });
    upstream.people.set('ana', { email: user.email, email_verified: true, given_name: 'Ana' });
    return { upstream, provider, user, ...route };
  }

  for (const [what, type, options] of [
    ['OKTA, RS256, client_secret_basic', 'OKTA', {}],
    ['OIDC, ES256, client_secret_post', 'OIDC', { alg: 'ES256', clientAuth: 'client_secret_post' }],
    ['OIDC, EdDSA', 'OIDC', { alg: 'EdDSA' }],
    ['OIDC, claims at the userinfo endpoint only', 'OIDC', { claimsInIdToken: false }],
  ]) {
    test(`first sign-in and the next one: ${what}`, async () => {
      const { upstream, user } = await side(type, options);
      const browser = await typeEmail(org, user.email);
      assert.equal(browser.page.url.origin, upstream.url);
      assert.equal(browser.page.field('login'), user.email, 'the login_hint arrived');
      await signInThere(browser, 'ana');
      await assertSignedIn(org, browser, user);
      await browser.open(`${muster.base}/logout`);
      await browser.submit({}, { button: 'Sign out' });
      assert.equal(await whoAmI(org, browser), null);
      await typeEmail(org, user.email, browser);
      await assertSignedIn(org, browser, user);
    });
  }

  test('an application that waits goes on after the sign-in there', async () => {
    const { group, user } = await side();
    const application = await org.application('Waiting', { groups: [group], redirectUris: [REDIRECT_URI], tokenEndpointAuthMethod: 'client_secret_post' });
    const party = await Party.of(application);
    const browser = new Browser({ stopAt: REDIRECT_URI });
    const { address, proofs } = await party.begin();
    await browser.open(address);
    await browser.submit({ username: user.email }, { button: 'Continue' });
    await signInThere(browser, 'ana');
    assert.ok(browser.page.stopped, browser.page.text);
    const claims = (await party.finish(browser.page.url, proofs)).claims();
    assert.equal(claims.sub, user.id);
    assert.equal(claims.email, user.email);
  });

  test('an application\'s login_hint leads straight there', async () => {
    const { upstream, group, user } = await side();
    const application = await org.application('Hinting', { groups: [group], redirectUris: [REDIRECT_URI], tokenEndpointAuthMethod: 'client_secret_post' });
    const party = await Party.of(application);
    const browser = new Browser({ stopAt: REDIRECT_URI });
    const { address, proofs } = await party.begin({ login_hint: user.email });
    await browser.open(address);
    assert.equal(browser.page.url.origin, upstream.url);
    await signInThere(browser, 'ana');
    assert.equal((await party.finish(browser.page.url, proofs)).claims().sub, user.id);
  });

  test('prompt=login asks there again although both know the browser', async () => {
    const { upstream, group, user } = await side();
    const application = await org.application('Careful', { groups: [group], redirectUris: [REDIRECT_URI], tokenEndpointAuthMethod: 'client_secret_post' });
    const party = await Party.of(application);
    const browser = new Browser({ stopAt: REDIRECT_URI });
    await typeEmail(org, user.email, browser);
    await signInThere(browser, 'ana');
    const { address, proofs } = await party.begin({ prompt: 'login' });
    await browser.open(address);
    await browser.submit({ username: user.email }, { button: 'Continue' });
    assert.equal(browser.page.url.origin, upstream.url, 'its own session is not enough');
    await signInThere(browser, 'ana');
    assert.equal((await party.finish(browser.page.url, proofs)).claims().sub, user.id);
  });

  test('linked by subject: the e-mail changes there, the person stays', async () => {
    const { upstream, user } = await side();
    const first = await typeEmail(org, user.email);
    await signInThere(first, 'ana');
    await assertSignedIn(org, first, user);
    upstream.people.set('ana', { email: 'ana.married@elsewhere.example', email_verified: true });
    const second = await typeEmail(org, user.email);
    await signInThere(second, 'ana');
    await assertSignedIn(org, second, user);
  });

  test('linked by subject: another account there with the person\'s e-mail is refused', async () => {
    const { upstream, provider, user } = await side();
    const first = await typeEmail(org, user.email);
    await signInThere(first, 'ana');
    upstream.people.set('mallory', { email: user.email, email_verified: true });
    const second = await typeEmail(org, user.email);
    await signInThere(second, 'mallory');
    await assertRefused(org, second, { provider, user, reason: /another one is linked/ });
  });

  for (const claimsInIdToken of [true, false]) {
    test(`email_verified false there (${claimsInIdToken ? 'in the ID token' : 'at the userinfo endpoint'}): not linked`, async () => {
      const { upstream, provider, user } = await side('OIDC', { claimsInIdToken });
      upstream.people.set('ana', { email: user.email, email_verified: false });
      const browser = await typeEmail(org, user.email);
      await signInThere(browser, 'ana');
      await assertRefused(org, browser, { provider, user, reason: /email_verified: false/ });
    });
  }

  test('keys are rotated there without a restart here', async () => {
    const { upstream, user } = await side();
    for (let round = 0; round < 3; round += 1) {
      const browser = await typeEmail(org, user.email);
      await signInThere(browser, 'ana');
      await assertSignedIn(org, browser, user);
      upstream.rotate();
    }
  });

  test('Cancel there (access_denied): our page, an event with the reason, local people unaffected', async () => {
    const { provider, user } = await side();
    const browser = await typeEmail(org, user.email);
    await browser.follow('[ Cancel ]');
    await assertRefused(org, browser, { provider, user, told: /refused the sign-in/, reason: /access_denied/ });
    const local = await org.user(`local${made}@upstream.example`);
    await browser.open(org.login);
    await withPassword(browser, local.email);
    assert.equal(await whoAmI(org, browser), local.email);
  });

  test('a wrong client secret: our page, the reason in the event and on the card', async () => {
    const { provider, user } = await side();
    const { id, name, type, oidc } = provider;
    await org.api.put(`/api/v2/identity-providers/${id}`, { name, type, oidc: { ...oidc, clientSecret: 'wrong' } });
    const browser = await typeEmail(org, user.email);
    await signInThere(browser, 'ana');
    await assertRefused(org, browser, { provider, user, reason: /invalid_client/, status: 502 });
    const card = (await org.api.get(`/api/v2/identity-providers/${id}`)).check;
    assert.equal(card.state, 'failing');
    assert.match(card.message, /invalid_client/);
  });

  test('a person who is not there', async () => {
    const { upstream, provider, user } = await side();
    upstream.people.set('stranger', { email: 'stranger@upstream.example', email_verified: true });
    const browser = await typeEmail(org, user.email);
    await signInThere(browser, 'stranger');
    await assertRefused(org, browser, { provider, user, told: /not known here/, reason: /nobody has "stranger@upstream\.example"/ });
  });

  test('the secret is never shown by the API', async () => {
    const { provider } = await side();
    const texts = await Promise.all(['', `/${provider.id}`].map(async (tail) => JSON.stringify(await org.api.get(`/api/v2/identity-providers${tail}`))));
    for (const text of [...texts, JSON.stringify(provider)]) assert.ok(!text.includes('upstream-secret'), text);
  });
});
