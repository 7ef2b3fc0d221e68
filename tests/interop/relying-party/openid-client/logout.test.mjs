// RP-initiated logout with npm openid-client: who is asked, who is signed out, and where nobody is sent.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import * as client from 'openid-client';
import { PASSWORD } from '../../harness.mjs';
import { withPassword } from '../../harness/sign_in.mjs';
import { whoAmI } from '../../upstream/federation.mjs';
import { POST_LOGOUT_URI, relyingPartyWorld } from '../world.mjs';
import { Party } from './party.mjs';

suite('openid-client: logout', () => {
  let world;
  let application;
  let party;
  before(async () => {
    world = await relyingPartyWorld();
    application = await world.application();
    party = await Party.of(application);
  });
  after(() => world?.muster.stop());

  async function signedIn() {
    const browser = world.browser();
    const tokens = await party.signIn(browser, { email: world.ana.email, password: PASSWORD }, { scope: 'openid offline_access' });
    return { browser, tokens };
  }

  const address = (parameters) => client.buildEndSessionUrl(party.config, parameters).href;

  test('without a hint the person is asked; Sign out goes on to the application', async () => {
    const { browser } = await signedIn();
    await browser.open(address({ client_id: application.clientId, post_logout_redirect_uri: POST_LOGOUT_URI, state: 's' }));
    assert.ok(!browser.page.stopped);
    assert.equal(await whoAmI(world.org, browser), world.ana.email, 'a link signs nobody out');
    await browser.submit({});
    assert.equal(browser.page.url.href, `${POST_LOGOUT_URI}?state=s`);
    assert.equal(await whoAmI(world.org, browser), null);
  });

  test('the form of the question, posted by another site, signs nobody out', async () => {
    const { browser } = await signedIn();
    const url = new URL(address({ client_id: application.clientId }));
    await browser.post(`${url.origin}${url.pathname}`, { confirmed: 'yes', client_id: application.clientId }, 'http://evil.example/');
    assert.equal(await whoAmI(world.org, browser), world.ana.email);
    await browser.post(`${url.origin}${url.pathname}`, { confirmed: 'yes', client_id: application.clientId }, 'http://127.0.0.1:9/');
    assert.equal(await whoAmI(world.org, browser), world.ana.email, 'nor another port of this host');
  });

  test('an unregistered address is shown, not redirected', async () => {
    const { browser, tokens } = await signedIn();
    for (const uri of ['http://evil.example/', `${POST_LOGOUT_URI}/`, `${POST_LOGOUT_URI}?x=y`]) {
      await browser.open(address({ id_token_hint: tokens.id_token, post_logout_redirect_uri: uri }));
      assert.equal(browser.page.status, 400, uri);
      assert.equal(browser.page.heading, 'You are not signed out');
    }
    assert.equal(await whoAmI(world.org, browser), world.ana.email);
  });

  test('a hint about somebody else, or forged: the person is asked', async () => {
    const { tokens } = await signedIn();
    const other = world.browser();
    await other.open(world.org.login);
    await withPassword(other, world.outsider.email);
    await other.open(address({ id_token_hint: tokens.id_token, post_logout_redirect_uri: POST_LOGOUT_URI }));
    assert.ok(!other.page.stopped);
    assert.equal(await whoAmI(world.org, other), world.outsider.email);
    const [header, payload] = tokens.id_token.split('.');
    await other.open(address({ id_token_hint: `${header}.${payload}.${'A'.repeat(342)}`, client_id: application.clientId }));
    assert.equal(await whoAmI(world.org, other), world.outsider.email);
  });

  test('only this organization\'s session ends', async () => {
    const { browser, tokens } = await signedIn();
    const neighbour = await world.muster.organization('Logout Neighbours');
    const same = await neighbour.user('ana@neighbour.example');
    await browser.open(neighbour.login);
    await withPassword(browser, same.email);
    assert.equal(await whoAmI(neighbour, browser), same.email);
    await browser.open(party.signOutAddress(tokens.id_token, 'x'));
    assert.equal(await whoAmI(world.org, browser), null);
    assert.equal(await whoAmI(neighbour, browser), same.email);
  });

  test('signed out already: straight back to the application', async () => {
    const { browser, tokens } = await signedIn();
    await browser.open(party.signOutAddress(tokens.id_token, '1'));
    await browser.open(party.signOutAddress(tokens.id_token, '2'));
    assert.equal(browser.page.url.href, `${POST_LOGOUT_URI}?state=2`);
  });
});
