// Google's shape: one issuer for all the world; hd alone ties an address to an organization.
import { after, before, suite, test } from 'node:test';
import { assertRefused, assertSignedIn, typeEmail } from '../federation.mjs';
import { standInWorld } from './world.mjs';

suite('stand-in for Google', () => {
  let world;
  let google;
  before(async () => {
    world = await standInWorld('Google Users');
    google = await world.provider('Workspace', { type: 'GOOGLE' });
  });
  after(() => world?.stop());

  async function attempt(claims) {
    const user = await google.person(world.email(), { password: null });
    google.standIn.claims = { sub: `10769${user.id}`, email: user.email, ...claims };
    return { user, browser: await typeEmail(world.org, user.email) };
  }

  function accepted(name, claims) {
    test(name, async () => {
      const { user, browser } = await attempt(claims);
      await assertSignedIn(world.org, browser, user);
    });
  }

  function refused(name, claims, reason) {
    test(name, async () => {
      const { user, browser } = await attempt(claims);
      await assertRefused(world.org, browser, { provider: google.provider, user, reason });
    });
  }

  accepted('hd and email_verified, as Google sends them', { hd: 'corp.example', email_verified: true });
  accepted('hd of the address\'s domain without email_verified', { hd: 'corp.example' });
  accepted('hd in other case', { hd: 'CORP.example' });
  refused('google_without_hd, email_verified absent', {}, /serves more than one organization/);
  refused('hd_of_another_domain, email_verified absent', { hd: 'evil.example' }, /serves more than one organization/);
  refused('hd as a suffix of the domain, email_verified absent', { hd: 'example' }, /serves more than one organization/);
  refused('hd of another type, email_verified absent', { hd: ['corp.example'] }, /serves more than one organization/);
  refused('hd right, email_verified false', { hd: 'corp.example', email_verified: false }, /email_verified: false/);
  refused('hd right, email_verified "false" as text', { hd: 'corp.example', email_verified: 'false' }, /email_verified: false/);
});
