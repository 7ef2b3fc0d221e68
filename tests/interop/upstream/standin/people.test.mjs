// Whom an identity belongs to, and who is let in: links, policies, switches, just-in-time creation.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Browser, PASSWORD } from '../../harness.mjs';
import { withPassword } from '../../harness/sign_in.mjs';
import { assertRefused, assertSignedIn, typeEmail, whoAmI } from '../federation.mjs';
import { standInWorld } from './world.mjs';

suite('stand-in: whom an identity belongs to', () => {
  let world;
  let side;
  before(async () => {
    world = await standInWorld('People');
    side = await world.provider('Upstream');
  });
  after(() => world?.stop());

  const says = (from, claims) => {
    from.standIn.claims = { email_verified: true, ...claims };
  };

  /** A person who has signed in once, so that they are linked. */
  async function linked(from = side, fields = { password: null }) {
    const user = await from.person(world.email(), fields);
    says(from, { sub: `sub-${user.id}`, email: user.email });
    await assertSignedIn(world.org, await typeEmail(world.org, user.email), user);
    return user;
  }

  /** The answer is caught, `meanwhile` happens, then it arrives. */
  async function interrupted(user, meanwhile) {
    const browser = new Browser({ stopAt: `${world.muster.base}/oauth/callback` });
    await typeEmail(world.org, user.email, browser);
    assert.ok(browser.page.stopped);
    browser.stopAt = [];
    await meanwhile();
    await browser.open(browser.page.url.href);
    return browser;
  }

  test('a linked person whose e-mail changed there is still the same one', async () => {
    const user = await linked();
    says(side, { sub: `sub-${user.id}`, email: 'married@elsewhere.example' });
    await assertSignedIn(world.org, await typeEmail(world.org, user.email), user);
  });

  test('a linked person is believed also when the address is no longer verified there', async () => {
    const user = await linked();
    says(side, { sub: `sub-${user.id}`, email: user.email, email_verified: false });
    await assertSignedIn(world.org, await typeEmail(world.org, user.email), user);
  });

  test('second_subject: another account there with the same address does not get the person', async () => {
    const user = await linked();
    says(side, { sub: 'usurper', email: user.email });
    const browser = await typeEmail(world.org, user.email);
    await assertRefused(world.org, browser, { provider: side.provider, user, reason: /another one is linked/ });
  });

  test('an address that moved: the linked subject stays with its person, the new owner gets nobody', async () => {
    const [ana, bo] = [await linked(), await linked()];
    says(side, { sub: `sub-${bo.id}`, email: ana.email });
    const browser = await typeEmail(world.org, ana.email);
    assert.equal(await whoAmI(world.org, browser), bo.email, 'the subject decides, not the address');
  });

  test('unrouted_person: vouched for, but no policy sends them there', async () => {
    const routed = await side.person(world.email(), { password: null });
    const local = await world.org.user(world.email());
    says(side, { sub: 'sub-local', email: local.email });
    const browser = await typeEmail(world.org, routed.email);
    await assertRefused(world.org, browser, { provider: side.provider, user: routed, reason: /A routing policy sends the person to "Upstream": no/ });
    assert.equal(await whoAmI(world.org, browser), null);
  });

  test('a person whom a policy sends elsewhere is not admitted by this provider', async () => {
    const other = await world.provider('Elsewhere');
    const theirs = await other.person(world.email(), { password: null });
    const mine = await side.person(world.email(), { password: null });
    says(side, { sub: 'sub-elsewhere', email: theirs.email });
    const browser = await typeEmail(world.org, mine.email);
    await assertRefused(world.org, browser, { provider: side.provider, user: mine, reason: /sends the person to "Upstream": no/ });
  });

  test('an address that nobody has here: a page that says what to do', async () => {
    const user = await side.person(world.email(), { password: null });
    says(side, { sub: 'nobody', email: 'nobody@corp.example' });
    const browser = await typeEmail(world.org, user.email);
    await assertRefused(world.org, browser, { provider: side.provider, user, told: /not known here/, reason: /nobody has "nobody@corp\.example"/ });
  });

  test('no e-mail at all', async () => {
    const user = await side.person(world.email(), { password: null });
    says(side, { sub: 'mute' });
    const browser = await typeEmail(world.org, user.email);
    await assertRefused(world.org, browser, { provider: side.provider, user, reason: /the claim is missing/ });
  });

  test('userinfo tells what the token does not; of somebody else it is not believed', async () => {
    const user = await side.person(world.email(), { password: null });
    side.standIn.claims = { sub: `sub-${user.id}` };
    side.standIn.userinfo = { email: user.email, email_verified: true, sub: 'somebody-else' };
    const swapped = await typeEmail(world.org, user.email);
    await assertRefused(world.org, swapped, { provider: side.provider, user, reason: /not about the person of the ID token/, status: 502 });
    side.standIn.userinfo = { email: user.email, email_verified: false };
    const unverified = await typeEmail(world.org, user.email);
    await assertRefused(world.org, unverified, { provider: side.provider, user, reason: /email_verified: false/ });
    side.standIn.userinfo = { email: user.email, email_verified: true };
    await assertSignedIn(world.org, await typeEmail(world.org, user.email), user);
    side.standIn.userinfo = {};
  });

  test('match by another claim and attribute; two people with it are nobody', async () => {
    const byNumber = await world.provider('By Number', { match: { claim: 'employee', attribute: 'attributes.badge' } });
    const user = await byNumber.person(world.email(), { password: null, attributes: { badge: 'B-7' } });
    says(byNumber, { sub: 'b7', employee: 'B-7' });
    await assertSignedIn(world.org, await typeEmail(world.org, user.email), user);
    const twins = [1, 2].map(() => byNumber.person(world.email(), { password: null, attributes: { badge: 'B-8' } }));
    const [twin] = await Promise.all(twins);
    says(byNumber, { sub: 'b8', employee: 'B-8' });
    const browser = await typeEmail(world.org, twin.email);
    await assertRefused(world.org, browser, { provider: byNumber.provider, user: twin, reason: /2 people have "B-8"/ });
  });

  test('the hint: the matched attribute before the link, the linked name after it', async () => {
    const hinted = await world.provider('Hinted', { match: { claim: 'employee', attribute: 'attributes.badge' } });
    const user = await hinted.person(world.email(), { password: null, attributes: { badge: 'B-9' } });
    says(hinted, { sub: 'b9', employee: 'B-9', email: 'number.nine@upstream.example' });
    for (let n = 0; n < 2; n += 1) await assertSignedIn(world.org, await typeEmail(world.org, user.email), user);
    assert.deepEqual(hinted.standIn.requests.map((asked) => asked.login_hint), ['B-9', 'number.nine@upstream.example']);
  });

  test('suspended_person: at the login page, at the door, and with the answer on its way', async () => {
    const user = await linked();
    const late = await linked();
    says(side, { sub: `sub-${late.id}`, email: late.email });
    const suspend = (who) => world.org.api.post(`/api/systemusers/${who.id}/state/suspend`);
    const browser = await interrupted(late, () => suspend(late));
    await assertRefused(world.org, browser, { provider: side.provider, user: late, reason: /The person is active: SUSPENDED/i });
    await suspend(user);
    const page = (await typeEmail(world.org, user.email)).page;
    assert.match(page.heading, /Log in/, 'the password page, as for anybody');
    const direct = new Browser();
    await direct.open(`${world.muster.base}/o/${world.org.slug}/federate?username=${encodeURIComponent(user.email)}`);
    assert.match(direct.page.heading, /Log in/);
  });

  test('a session that federation opened ends with the person\'s suspension', async () => {
    const user = await side.person(world.email(), { password: null });
    says(side, { sub: `sub-${user.id}`, email: user.email });
    const browser = await typeEmail(world.org, user.email);
    assert.equal(await whoAmI(world.org, browser), user.email);
    await world.org.api.post(`/api/systemusers/${user.id}/state/suspend`);
    assert.equal(await whoAmI(world.org, browser), null);
  });

  test('someone who leaves the routed group while the answer is on its way', async () => {
    const user = await linked();
    says(side, { sub: `sub-${user.id}`, email: user.email });
    const leave = { op: 'remove', type: 'user', id: user.id };
    const browser = await interrupted(user, () => world.org.api.post(`/api/v2/usergroups/${side.group.id}/members`, leave));
    await assertRefused(world.org, browser, { provider: side.provider, user, reason: /sends the person to "Upstream": no/ });
  });

  test('a routed person with a password here cannot use it: routing is enforced where it is redeemed', async () => {
    const user = await side.person(world.email());
    const browser = new Browser();
    await browser.open(world.org.login);
    const target = `${world.org.login}/password`;
    await browser.post(target, { username: user.email, password: PASSWORD }, world.org.login);
    assert.equal(browser.page.status, 400);
    assert.equal(await whoAmI(world.org, browser), null);
    const local = await world.org.user(world.email());
    await browser.post(target, { username: local.email, password: PASSWORD }, world.org.login);
    assert.equal(await whoAmI(world.org, browser), local.email, 'control');
  });

  suite('state matrix: only where everything is on', () => {
    for (const providerOn of [true, false]) {
      for (const policyOn of [true, false]) {
        for (const state of ['ACTIVATED', 'SUSPENDED']) {
          test(`provider ${providerOn ? 'on' : 'off'}, policy ${policyOn ? 'on' : 'off'}, person ${state}`, async () => {
            const all = providerOn && policyOn && state === 'ACTIVATED';
            const cell = await world.provider(`Cell ${providerOn} ${policyOn} ${state}`);
            const user = await cell.person(world.email(), { password: null });
            says(cell, { sub: `sub-${user.id}`, email: user.email });
            const set = () => setSwitches(cell, user, { providerOn, policyOn, state });
            const late = await interrupted(user, set);
            assert.equal(await whoAmI(world.org, late), all ? user.email : null, 'the answer was on its way');
            const early = await typeEmail(world.org, user.email);
            assert.equal(await whoAmI(world.org, early), all ? user.email : null, 'by the login page');
            const direct = new Browser();
            await direct.open(`${world.muster.base}/o/${world.org.slug}/federate?username=${encodeURIComponent(user.email)}`);
            assert.equal(await whoAmI(world.org, direct), all ? user.email : null, 'by the address itself');
          });
        }
      }
    }
  });

  async function setSwitches({ provider, policy, group }, user, { providerOn, policyOn, state }) {
    const { api } = world.org;
    const { id, name, type, oidc } = provider;
    await api.put(`/api/v2/identity-providers/${id}`, { name, type, oidc, enabled: providerOn });
    const body = { name: policy.name, identityProviderId: id, userGroups: [group.id], users: [], enabled: policyOn };
    await api.put(`/api/v2/identity-provider/policies/${policy.id}`, body);
    if (state === 'SUSPENDED') await api.post(`/api/systemusers/${user.id}/state/suspend`);
  }

  suite('just-in-time creation', () => {
    let jit;
    before(async () => {
      jit = await world.provider('Just In Time', { jit: { enabled: true, domains: ['new.example'] } });
      const filters = [{ field: 'email', operation: 'ends_with', value: '@new.example' }];
      const everybody = await world.org.dynamicGroup('New People', filters);
      await world.org.policy('New People', jit.provider, { groups: [everybody] });
    });

    const find = async (email) => {
      const { results } = await world.org.api.get(`/api/systemusers?filter=${encodeURIComponent(`email:$eq:${email}`)}`);
      return results[0];
    };

    test('off: nobody is made', async () => {
      const user = await side.person(world.email(), { password: null });
      says(side, { sub: 'fresh', email: 'fresh@corp.example' });
      const browser = await typeEmail(world.org, user.email);
      await assertRefused(world.org, browser, { provider: side.provider, user, told: /not known here/ });
      assert.equal(await find('fresh@corp.example'), undefined);
    });

    test('on: made with names, Federated, linked, let in by the policy', async () => {
      const email = world.email('new.example');
      says(jit, { sub: 'jit-1', email, given_name: 'Neu', family_name: 'Ling' });
      const browser = await typeEmail(world.org, email);
      assert.equal(await whoAmI(world.org, browser), email, browser.page.text);
      const made = await find(email);
      assert.deepEqual([made.firstname, made.lastname, made.state], ['Neu', 'Ling', 'ACTIVATED']);
      assert.equal(made.passwordStatus, 'Federated Managed by External IdP');
      says(jit, { sub: 'jit-1', email: 'renamed@new.example' });
      assert.equal(await whoAmI(world.org, await typeEmail(world.org, email)), email);
    });

    test('another domain, a longer one, a subdomain: nobody is made', async () => {
      for (const email of ['eve@evil.example', 'eve@new.example.evil.example', 'eve@sub.new.example', 'eve@evilnew.example']) {
        says(jit, { sub: `sub-${email}`, email });
        const browser = await typeEmail(world.org, world.email('new.example'));
        assert.equal(browser.page.status, 403);
        assert.equal(await find(email), undefined, email);
      }
    });

    test('email_verified false: nobody is made', async () => {
      const email = world.email('new.example');
      says(jit, { sub: 'jit-unverified', email, email_verified: false });
      assert.equal((await typeEmail(world.org, email)).page.status, 403);
      assert.equal(await find(email), undefined);
    });

    test('someone who exists and is not sent there is neither taken over nor doubled', async () => {
      const jitAll = await world.provider('Greedy', { jit: { enabled: true, domains: ['local.example'] } });
      const local = await world.org.user(world.email('local.example'));
      says(jitAll, { sub: 'greedy', email: local.email });
      const browser = await typeEmail(world.org, world.email('local.example'));
      assert.equal(browser.page.status, 403, browser.page.text);
      assert.equal(await whoAmI(world.org, browser), null);
      const control = new Browser();
      await control.open(world.org.login);
      await withPassword(control, local.email);
      assert.equal(await whoAmI(world.org, control), local.email);
    });

    test('made twice at once: one person', async () => {
      const email = world.email('new.example');
      says(jit, { sub: 'jit-race', email });
      const browsers = await Promise.all([1, 2, 3].map(() => typeEmail(world.org, email)));
      for (const browser of browsers) assert.equal(await whoAmI(world.org, browser), email, browser.page.text);
    });
  });
});
