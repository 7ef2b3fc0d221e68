// The answer that comes back through the browser: whose it is, for which browser, how often, and by which provider.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Browser } from '../../harness.mjs';
import { assertRefused, assertSignedIn, typeEmail, whoAmI } from '../federation.mjs';
import { standInWorld } from './world.mjs';

suite('stand-in: answers through the browser', () => {
  let world;
  let plain;
  let other;
  let named;
  let otherNamed;
  before(async () => {
    world = await standInWorld('Answers');
    plain = await world.provider('Plain A');
    other = await world.provider('Plain B');
    named = await world.provider('Named A', { standIn: { issParameter: true } });
    otherNamed = await world.provider('Named B', { standIn: { issParameter: true } });
  });
  after(() => world?.stop());

  /** A person of `side`, and the answer to their sign-in caught before our callback. */
  async function caught(side, bend = () => {}) {
    const user = await side.person(world.email(), { password: null });
    side.standIn.claims = { sub: `sub-${user.id}`, email: user.email, email_verified: true };
    side.standIn.redirect = bend;
    const browser = new Browser({ stopAt: `${world.muster.base}/oauth/callback` });
    await typeEmail(world.org, user.email, browser);
    side.standIn.redirect = () => {};
    browser.stopAt = [];
    return { user, browser, answer: new URL(browser.page.url) };
  }

  /** The page for an answer that belongs to nothing known here. */
  async function lost(browser, text) {
    assert.equal(browser.page.status, 400);
    assert.equal(browser.page.heading, 'This sign-in cannot go on');
    assert.match(browser.page.text, text);
    assert.equal(await whoAmI(world.org, browser), null);
  }

  test('control: the caught answer, opened, signs in', async () => {
    for (const side of [plain, named]) {
      const { user, browser, answer } = await caught(side);
      await browser.open(answer.href);
      await assertSignedIn(world.org, browser, user);
    }
  });

  test('the callback is the provider\'s own without iss, shared with it', async () => {
    assert.equal(plain.provider.redirectUri, `${world.muster.base}/oauth/callback/${plain.provider.id}`);
    assert.equal(named.provider.redirectUri, `${world.muster.base}/oauth/callback`);
  });

  test('state_replay: a second use of the answer finds nothing', async () => {
    const { user, browser, answer } = await caught(plain);
    await browser.open(answer.href);
    await assertSignedIn(world.org, browser, user);
    const redeemed = plain.standIn.asked.token;
    await browser.open(answer.href);
    assert.equal(browser.page.status, 400);
    assert.match(browser.page.text, /too old, or was finished already/);
    assert.equal(plain.standIn.asked.token, redeemed, 'no code was sent anywhere');
  });

  test('state_replay: at the same moment one of many gets through', async () => {
    const { browser, answer } = await caught(plain);
    const cookie = browser.cookies.line(answer, { method: 'GET', crossSite: false });
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => fetch(answer, { headers: { cookie }, redirect: 'manual' })));
    assert.deepEqual(answers.map((a) => a.status).sort(), [303, 400, 400, 400, 400]);
  });

  test('state_replay: across a restart; an answer that is on its way survives one', async () => {
    const { user, browser, answer } = await caught(plain);
    await world.muster.halt();
    await world.muster.start();
    await browser.open(answer.href);
    await assertSignedIn(world.org, browser, user);
    await world.muster.halt();
    await world.muster.start();
    await browser.open(answer.href);
    assert.match(browser.page.text, /too old, or was finished already/);
    assert.equal(await whoAmI(world.org, browser), user.email, 'the session survived too');
  });

  test('pages about an answer are kept by nobody and framed by nobody', async () => {
    const { browser, answer } = await caught(plain, (back) => back.searchParams.set('iss', 'http://evil.example'));
    await browser.open(answer.href);
    const { headers } = browser.page;
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['referrer-policy'], 'same-origin', 'the code in the address goes to no other site');
    assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
  });

  test('state_in_another_browser (login CSRF)', async () => {
    const { answer } = await caught(plain);
    const victim = new Browser();
    await victim.open(answer.href);
    await lost(victim, /started in another browser/);
    const withSession = new Browser();
    await withSession.open(world.org.login);
    await withSession.open((await caught(plain)).answer.href);
    await lost(withSession, /started in another browser/);
  });

  test('state_unknown, state_missing, neither code nor error, both', async () => {
    const browser = new Browser();
    await browser.open(`${world.muster.base}/oauth/callback?code=x&state=${'s'.repeat(43)}`);
    await lost(browser, /too old, or was finished already/);
    for (const query of ['', '?code=x', '?state=x', '?state=x&code=y&error=z', '?state=x&state=y&code=z', `?code=x&state=${'s'.repeat(9000)}`]) {
      await browser.open(`${world.muster.base}/oauth/callback${query}`);
      assert.equal(browser.page.status, 400, query);
    }
  });

  test('mixup: the answer of A delivered to the callback of B', async () => {
    const { user, browser, answer } = await caught(plain);
    const before = other.standIn.asked.token;
    await browser.open(answer.href.replace(plain.provider.id, other.provider.id));
    await assertRefused(world.org, browser, { provider: plain.provider, user, reason: /the answer came to/ });
    assert.equal(other.standIn.asked.token, before, 'the code of A was not sent to B');
  });

  test('mixup: the answer of A delivered to the shared callback, and the other way round', async () => {
    const one = await caught(plain);
    await one.browser.open(`${world.muster.base}/oauth/callback${one.answer.search}`);
    await assertRefused(world.org, one.browser, { provider: plain.provider, user: one.user, reason: /the answer came to/ });
    const two = await caught(named);
    await two.browser.open(`${world.muster.base}/oauth/callback/${plain.provider.id}${two.answer.search}`);
    await assertRefused(world.org, two.browser, { provider: named.provider, user: two.user, reason: /the answer came to/ });
  });

  test('mixup: iss of another provider, before any code is sent', async () => {
    const { user, browser, answer } = await caught(named, (back) => back.searchParams.set('iss', otherNamed.standIn.issuer));
    const before = [named.standIn.asked.token, otherNamed.standIn.asked.token];
    await browser.open(answer.href);
    await assertRefused(world.org, browser, { provider: named.provider, user, reason: /the answer is by .*, but the sign-in was started at/ });
    assert.deepEqual([named.standIn.asked.token, otherNamed.standIn.asked.token], before);
  });

  test('mixup: iss missing where it is announced', async () => {
    const { user, browser, answer } = await caught(named, (back) => back.searchParams.delete('iss'));
    await browser.open(answer.href);
    await assertRefused(world.org, browser, { provider: named.provider, user, reason: /announces the parameter iss/ });
  });

  test('mixup: iss with a slash more, and twice', async () => {
    const { user, browser, answer } = await caught(named, (back) => back.searchParams.set('iss', `${named.standIn.issuer}/`));
    await browser.open(answer.href);
    await assertRefused(world.org, browser, { provider: named.provider, user, reason: /the answer is by/ });
    const twice = await caught(named, (back) => back.searchParams.append('iss', otherNamed.standIn.issuer));
    await twice.browser.open(twice.answer.href);
    assert.equal(twice.browser.page.status, 400);
  });

  test('mixup: a wrong iss where none is announced', async () => {
    const { user, browser, answer } = await caught(plain, (back) => back.searchParams.set('iss', 'http://evil.example'));
    await browser.open(answer.href);
    await assertRefused(world.org, browser, { provider: plain.provider, user, reason: /the answer is by/ });
  });

  test('code_injection: the code of another sign-in at the same provider', async () => {
    const [mine, theirs] = [await caught(plain), await caught(plain)];
    mine.answer.searchParams.set('code', theirs.answer.searchParams.get('code'));
    await mine.browser.open(mine.answer.href);
    await assertRefused(world.org, mine.browser, { provider: plain.provider, user: mine.user, reason: /nonce is not the one/ });
  });

  test('the provider refuses: our page, its words only in the event', async () => {
    const { user, browser, answer } = await caught(plain, (back) => {
      back.searchParams.delete('code');
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'Call +1-900-EVIL <script>alert(1)</script>');
    });
    await browser.open(answer.href);
    await assertRefused(world.org, browser, { provider: plain.provider, user, reason: /access_denied Call/, told: /refused the sign-in/ });
    assert.ok(!browser.page.html.includes('EVIL'), 'a stranger cannot write onto our page');
  });

  test('what we send: PKCE S256, nonce, state, never the secret, the hint', async () => {
    plain.standIn.requests.length = 0;
    const { user } = await caught(plain);
    const [asked] = plain.standIn.requests;
    assert.equal(asked.code_challenge_method, 'S256');
    assert.match(asked.code_challenge, /^[\w-]{43}$/);
    assert.ok(asked.nonce.length >= 22 && asked.state.length >= 22);
    assert.equal(asked.login_hint, user.email);
    assert.equal(asked.response_type, 'code');
    assert.ok(asked.scope.split(' ').includes('openid'));
    assert.ok(!('client_secret' in asked));
  });

  test('open_redirect: where a sign-in goes on is a path of ours, or the portal', async () => {
    for (const to of ['http://evil.example/', '//evil.example', '/\\evil.example', '/%5cevil.example', 'javascript:alert(1)', '/\tx']) {
      const user = await plain.person(world.email(), { password: null });
      plain.standIn.claims = { sub: `sub-${user.id}`, email: user.email, email_verified: true };
      const browser = new Browser();
      await browser.open(`${world.muster.base}/o/${world.org.slug}/federate?username=${encodeURIComponent(user.email)}&to=${encodeURIComponent(to)}`);
      assert.equal(browser.page.url.origin, world.muster.base, to);
      assert.equal(await whoAmI(world.org, browser), user.email);
    }
  });

  test('session_fixation: the cookie changes when someone signs in', async () => {
    const { browser, answer } = await caught(plain);
    const value = () => browser.cookies.of(answer.host).find((cookie) => cookie.name.includes('muster_browser')).value;
    const before = value();
    await browser.open(answer.href);
    assert.notEqual(value(), before);
    const old = await fetch(`${world.muster.base}/api/v2/me`, { headers: { cookie: `muster_browser=${before}`, 'x-org-id': world.org.id } });
    assert.equal(old.status, 401);
  });
});
