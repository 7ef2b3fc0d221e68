// Entra's shape: which e-mail may be believed, and what names a person there.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { assertRefused, assertSignedIn, typeEmail } from '../federation.mjs';
import { ENTRA } from '../standin.mjs';
import { standInWorld } from './world.mjs';

const TENANT = '8eaef023-2b34-4da1-9baa-8bc8c9d6a490';
const OTHER_TENANT = '00000000-1111-2222-3333-444444444444';

suite('stand-in for Entra', () => {
  let world;
  let multi;
  let own;
  before(async () => {
    world = await standInWorld('Entra Users');
    multi = await world.provider('Any Tenant', { type: 'AZURE', standIn: ENTRA });
    own = await world.provider('Own Tenant', { type: 'AZURE', standIn: { path: `/${TENANT}/v2.0` } });
  });
  after(() => world?.stop());

  /** A sign-in at `side` with these claims; `tenant` says who issued the token. */
  async function attempt(side, claims, { user, tenant = TENANT } = {}) {
    const person = user ?? (await side.person(world.email(), { password: null }));
    const { standIn } = side;
    const oid = `oid-of-${person.id}`;
    standIn.claims = {
      iss: standIn.issuer.replace('{tenantid}', tenant), tid: tenant, oid, sub: `pairwise-${oid}`, email: person.email, ...claims,
    };
    return { user: person, browser: await typeEmail(world.org, person.email) };
  }

  async function refused(side, claims, reason, options) {
    const { user, browser } = await attempt(side, claims, options);
    await assertRefused(world.org, browser, { provider: side.provider, user, reason });
  }

  test('own tenant: no email_verified is needed, the issuer belongs to one organization', async () => {
    const { user, browser } = await attempt(own, {});
    await assertSignedIn(world.org, browser, user);
  });

  test('own tenant: the person is tid and oid; a sub of another application changes nothing', async () => {
    const { user } = await attempt(own, {});
    const again = await attempt(own, { sub: 'another-pairwise-sub', email: 'renamed@elsewhere.example' }, { user });
    await assertSignedIn(world.org, again.browser, user);
  });

  test('own tenant: another oid with the same e-mail is another person', async () => {
    const { user, browser } = await attempt(own, {});
    await assertSignedIn(world.org, browser, user);
    await refused(own, { oid: 'someone-else' }, /no other subject at this provider: another one is linked/, { user });
  });

  test('own tenant: a token of another tenant is refused', async () => {
    await refused(own, { iss: `${own.standIn.base}/${OTHER_TENANT}/v2.0`, tid: OTHER_TENANT }, /issued by/);
  });

  test('own tenant: without oid', async () => {
    await refused(own, { oid: undefined }, /no claim "oid"/);
  });

  test('nOAuth: multi-tenant template with the victim\'s e-mail and no email_verified', async () => {
    await refused(multi, {}, /absent, and the issuer serves more than one organization/, { tenant: OTHER_TENANT });
  });

  test('nOAuth: email_verified false', async () => {
    await refused(multi, { email_verified: false }, /email_verified: false/);
    await refused(own, { email_verified: false }, /email_verified: false/);
  });

  test('nOAuth: email_verified as text', async () => {
    await refused(multi, { email_verified: 'false' }, /email_verified: false/);
    await refused(multi, { email_verified: 'true' }, /absent, and the issuer serves more than one organization/);
    await refused(own, { email_verified: 'false' }, /email_verified: false/);
  });

  test('nOAuth: email_verified as a number, an object, null', async () => {
    await refused(multi, { email_verified: 1 }, /email_verified: false/);
    await refused(multi, { email_verified: {} }, /email_verified: false/);
    await refused(multi, { email_verified: null }, /absent/);
  });

  test('template: email_verified true links', async () => {
    const { user, browser } = await attempt(multi, { email_verified: true });
    await assertSignedIn(world.org, browser, user);
  });

  test('template: the same oid in another tenant is another person', async () => {
    const { user, browser } = await attempt(multi, { email_verified: true });
    await assertSignedIn(world.org, browser, user);
    await refused(multi, { email_verified: true }, /another one is linked/, { user, tenant: OTHER_TENANT });
  });

  test('template: tid and issuer have to agree', async () => {
    await refused(multi, { email_verified: true, tid: OTHER_TENANT }, /issued by/);
    await refused(multi, { email_verified: true, iss: `${multi.standIn.base}/{tenantid}/v2.0` }, /issued by/);
    await refused(multi, { email_verified: true, tid: 'evil/../x', iss: `${multi.standIn.base}/evil/../x/v2.0` }, /issued by/);
    await refused(multi, { email_verified: true, tid: undefined }, /issued by/);
  });

  test('template: only where the configured address is common or organizations', async () => {
    const shape = { ...ENTRA, path: `/${TENANT}/v2.0` };
    const wrong = await world.provider('Wrong Template', { type: 'AZURE', standIn: shape });
    const check = await world.org.api.post(`/api/v2/identity-providers/${wrong.provider.id}/check`);
    assert.equal(check.state, 'failing');
    assert.match(check.message, /common or organizations/);
  });
});
