// A provider that is ill: a page of ours, an event with the reason, its card in the console; nobody else notices.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Browser, freePort } from '../../harness.mjs';
import { withPassword } from '../../harness/sign_in.mjs';
import { assertRefused, assertSignedIn, check, routed, typeEmail, whoAmI } from '../federation.mjs';
import { standInWorld } from './world.mjs';

const status = (code) => (_, response) => response.writeHead(code).end('no');
const body = (text) => (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(text);
const redirect = (to) => (_, response) => response.writeHead(302, { location: to }).end();
const hangUp = (request) => request.socket.destroy();
const huge = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(64 * 1024, ' ');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};
const silent = () => {};
const trickle = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const drop = setInterval(() => (response.destroyed ? clearInterval(drop) : response.write(' ')), 500);
};

const FAULTS = [
  ['status 500', status(500), /status 500/],
  ['status 404', status(404), /status 404/],
  ['garbage', body('<html>'), /./],
  ['an array', body('[]'), /./],
  ['nothing', body(''), /./],
  ['a redirect', redirect('http://127.0.0.1:9/elsewhere'), /redirects; enter the address it leads to/],
  ['a closed connection', hangUp, /cannot be reached/],
  ['more than it should', huge, /larger than 1 MiB/],
];

suite('stand-in: a provider that is ill', () => {
  let world;
  before(async () => {
    world = await standInWorld('Ill Providers');
  });
  after(() => world?.stop());

  /** A provider of its own. Already ill while it is made, since documents that were read are believed for a while. */
  async function ill(name, illness) {
    const side = await world.provider(name, { ill: illness });
    const user = await side.person(world.email(), { password: null });
    side.standIn.claims = { sub: `sub-${user.id}`, email: user.email };
    return { ...side, user };
  }

  for (const place of ['discovery', 'jwks', 'token']) {
    for (const [what, illness, reason] of FAULTS) {
      test(`${place} answers with ${what}`, async () => {
        const { provider, standIn, user } = await ill(`${place} ${what}`, { [place]: illness });
        const browser = await typeEmail(world.org, user.email);
        await assertRefused(world.org, browser, { provider, user, reason, status: 502, told: /Try again in a few minutes/ });
        assert.equal((await check(world.org, provider)).state, 'failing');
        standIn.ill = {};
        const again = await typeEmail(world.org, user.email);
        await assertSignedIn(world.org, again, user);
        assert.equal((await check(world.org, provider)).state, 'ok', 'well again without anybody doing anything');
      });
    }
  }

  test('down: nobody listens', async () => {
    const provider = await world.org.identityProvider('Down', { url: `http://127.0.0.1:${await freePort()}` });
    const { person } = await routed(world.org, provider);
    const user = await person(world.email(), { password: null });
    const browser = await typeEmail(world.org, user.email);
    await assertRefused(world.org, browser, { provider, user, reason: /cannot be reached/, status: 502 });
  });

  test('slow: given up in time, while local people sign in beside it', { timeout: 60_000 }, async () => {
    const sides = await Promise.all([
      ill('Silent', { token: silent }),
      ill('Trickling', { token: trickle }),
    ]);
    const waiting = sides.map(({ user }) => typeEmail(world.org, user.email));
    let given = 0;
    for (const one of waiting) one.then(() => { given += 1; });
    const local = await world.org.user(world.email());
    for (let n = 0; n < 3; n += 1) {
      const browser = new Browser();
      await browser.open(world.org.login);
      await withPassword(browser, local.email);
      assert.equal(await whoAmI(world.org, browser), local.email);
    }
    assert.equal(given, 0, 'local people were first');
    const browsers = await Promise.all(waiting);
    for (const [n, { provider, user }] of sides.entries()) {
      await assertRefused(world.org, browsers[n], { provider, user, reason: /did not answer within/, status: 502 });
    }
  });

  test('key rotation there needs no restart here; a forger cannot make us read the keys for ever', async () => {
    const side = await world.provider('Rotating');
    const user = await side.person(world.email(), { password: null });
    side.standIn.claims = { sub: `sub-${user.id}`, email: user.email };
    await assertSignedIn(world.org, await typeEmail(world.org, user.email), user);
    const { newKey, publicJwk } = await import('../forge.mjs');
    side.standIn.key = newKey('RS256', 'next');
    side.standIn.keys = [...side.standIn.keys, publicJwk(side.standIn.key)];
    await assertSignedIn(world.org, await typeEmail(world.org, user.email), user);
    side.standIn.key = newKey('RS256', 'never published');
    const before = side.standIn.asked.jwks;
    for (let n = 0; n < 10; n += 1) {
      const browser = await typeEmail(world.org, user.email);
      assert.equal(browser.page.status, 403);
    }
    assert.ok(side.standIn.asked.jwks - before <= 6, `${side.standIn.asked.jwks - before} times`);
  });
});
