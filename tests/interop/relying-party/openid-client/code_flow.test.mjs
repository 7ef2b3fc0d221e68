// npm openid-client, configured by discovery alone, as a strict application.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { PASSWORD } from '../../harness.mjs';
import { POST_LOGOUT_URI, relyingPartyWorld } from '../world.mjs';
import { Party } from './party.mjs';

suite('openid-client', () => {
  let world;
  let ana;
  before(async () => {
    world = await relyingPartyWorld();
    ana = { email: world.ana.email, password: PASSWORD };
  });
  after(() => world?.muster.stop());

  for (const tokenEndpointAuthMethod of ['client_secret_post', 'client_secret_basic', 'none']) {
    for (const idTokenSignedResponseAlg of ['RS256', 'ES256', 'EdDSA']) {
      test(`code flow with PKCE: ${tokenEndpointAuthMethod}, ${idTokenSignedResponseAlg}`, async () => {
        const application = await world.application({ tokenEndpointAuthMethod, idTokenSignedResponseAlg });
        const party = await Party.of(application);
        const tokens = await party.signIn(world.browser(), ana);
        const claims = tokens.claims();
        assert.equal(claims.sub, world.ana.id);
        assert.equal(claims.iss, world.org.issuer);
        assert.equal(claims.email, ana.email);
        assert.equal(claims.email_verified, true);
        assert.equal(claims.given_name, 'Ana');
        assert.equal(JSON.parse(Buffer.from(tokens.id_token.split('.')[0], 'base64url')).alg, idTokenSignedResponseAlg);
        assert.equal(tokens.refresh_token, undefined, 'offline_access was not asked for');
        const userinfo = await party.userinfo(tokens);
        assert.equal(userinfo.email, ana.email);
        assert.equal(userinfo.family_name, 'Sá');
      });
    }
  }

  test('claims by the mapping: custom attribute, constant, groups; a mapped email is not vouched for', async () => {
    const application = await world.application({
      dynamicClaims: [{ name: 'email', value: 'floor' }, { name: 'level', value: 'attributes.floor' }],
      constantClaims: [{ name: 'plan', value: 'gold' }],
      groupsClaim: { name: 'memberOf', stringWhenOne: false },
    });
    const claims = (await (await Party.of(application)).signIn(world.browser(), ana)).claims();
    assert.deepEqual([claims.email, claims.level, claims.plan], ['7', '7', 'gold']);
    assert.deepEqual(claims.memberOf, ['Members']);
    assert.ok(!('email_verified' in claims));
  });

  test('max_age: a fresh session passes, max_age=0 asks for the password again', async () => {
    const party = await Party.of(await world.application());
    const browser = world.browser();
    const first = (await party.signIn(browser, ana, { max_age: '3600' }, { maxAge: 3600 })).claims();
    const again = await party.begin({ max_age: '3600' });
    await browser.open(again.address);
    assert.ok(browser.page.stopped, 'the session is young enough');
    const second = (await party.finish(browser.page.url, again.proofs, { maxAge: 3600 })).claims();
    assert.equal(second.auth_time, first.auth_time);
    const fresh = await party.begin({ max_age: '0' });
    await browser.open(fresh.address);
    assert.ok(!browser.page.stopped, 'the password page');
    await browser.submit({ username: ana.email }, { button: 'Continue' });
    await browser.submit({ password: ana.password });
    const third = (await party.finish(browser.page.url, fresh.proofs, { maxAge: 5 })).claims();
    assert.ok(third.auth_time >= first.auth_time);
  });

  test('refresh: rotation, a reused token revokes the family', async () => {
    const party = await Party.of(await world.application());
    const first = await party.signIn(world.browser(), ana, { scope: 'openid email offline_access' });
    assert.ok(first.refresh_token);
    const second = await party.refresh(first.refresh_token);
    assert.ok(second.refresh_token && second.refresh_token !== first.refresh_token);
    assert.equal(second.claims().sub, world.ana.id);
    assert.equal((await party.userinfo(second)).sub, world.ana.id);
    const third = await party.refresh(second.refresh_token);
    await assert.rejects(party.refresh(first.refresh_token), { error: 'invalid_grant' });
    await assert.rejects(party.refresh(third.refresh_token), { error: 'invalid_grant' }, 'the reuse revoked the next one too');
  });

  test('refresh: not for an application without that grant type', async () => {
    const party = await Party.of(await world.application({ grantTypes: ['authorization_code'] }));
    const tokens = await party.signIn(world.browser(), ana, { scope: 'openid offline_access' });
    assert.equal(tokens.refresh_token, undefined);
    await assert.rejects(party.refresh('x'.repeat(43)), { error: 'unauthorized_client' });
  });

  test('RP-initiated logout with id_token_hint returns to the application with the state', async () => {
    const party = await Party.of(await world.application());
    const browser = world.browser();
    const tokens = await party.signIn(browser, ana);
    await browser.open(party.signOutAddress(tokens.id_token, 'bye'));
    assert.ok(browser.page.stopped);
    assert.equal(browser.page.url.href, `${POST_LOGOUT_URI}?state=bye`);
    const next = await party.begin({ prompt: 'none' });
    await browser.open(next.address);
    await assert.rejects(party.finish(browser.page.url, next.proofs), { error: 'login_required' });
  });

  test('a signed-in person goes straight through a second application', async () => {
    const [one, two] = [await Party.of(await world.application()), await Party.of(await world.application())];
    const browser = world.browser();
    await one.signIn(browser, ana);
    const { address, proofs } = await two.begin();
    await browser.open(address);
    assert.ok(browser.page.stopped);
    assert.equal((await two.finish(browser.page.url, proofs)).claims().sub, world.ana.id);
  });

  test('someone outside the application\'s group gets a page that says why, and no code', async () => {
    const party = await Party.of(await world.application());
    const { address } = await party.begin();
    const browser = world.browser();
    await browser.open(address);
    await browser.submit({ username: world.outsider.email }, { button: 'Continue' });
    await browser.submit({ password: PASSWORD });
    assert.equal(browser.page.status, 403);
    assert.match(browser.page.heading, /You do not have access to Application/);
    assert.match(browser.page.text, /ask an administrator of Relying Parties/);
  });
});
