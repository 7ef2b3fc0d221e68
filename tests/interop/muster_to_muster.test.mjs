// Seed 000 without a browser's script: a person of one organization signs in to another with the first one's password.
// On one installation (both organizations on one host) and on two.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { Browser, PASSWORD, startMuster } from './harness.mjs';
import { withPassword } from './harness/sign_in.mjs';
import { REDIRECT_URI } from './relying-party/world.mjs';
import { Party } from './relying-party/openid-client/party.mjs';
import { typeEmail, whoAmI } from './upstream/federation.mjs';

const REAL = 'ana@acme.example';
const ALIAS = 'ana@acme.example.second';
const APPLICATION_PAGE = 'Log in to your application using Muster';

for (const installations of [1, 2]) {
  suite(`seed 000 on ${installations} installation(s)`, () => {
    const servers = [];
    let primary;
    let secondary;
    let [ana, anaThere, group, application, provider, policy] = [];
    before(async () => {
      for (let n = 0; n < installations; n += 1) servers.push(await startMuster());
      primary = await servers[0].organization('Primary');
      secondary = await servers.at(-1).organization('Secondary');
    });
    after(() => Promise.all(servers.map((server) => server.stop())));

    const there = async () => {
      const { results } = await secondary.api.get('/api/systemusers?limit=100');
      return results.find((user) => user.email === ALIAS);
    };

    test('1 the Primary\'s person is Active and has the custom attribute', async () => {
      ana = await primary.user(REAL, { firstname: 'Ana', attributes: { SecondaryEmail: ALIAS } });
      const read = await primary.api.get(`/api/systemusers/${ana.id}`);
      assert.equal(read.passwordStatus, 'Active');
      assert.deepEqual(read.attributes, [{ name: 'SecondaryEmail', value: ALIAS }]);
    });

    test('2 the Secondary\'s person has Password Pending', async () => {
      anaThere = await secondary.user(ALIAS, { password: null, attributes: { SecondaryEmail: ALIAS } });
      assert.equal((await there()).passwordStatus, 'Password Pending');
    });

    test('3 the preview lists exactly that person, a member at once after saving', async () => {
      await secondary.user('local@second.example');
      const memberQuery = { filters: [{ field: 'email', operation: 'ends_with', value: '.second' }] };
      const preview = await secondary.api.post(
        '/api/v2/usergroups/preview',
        { membershipMethod: 'DYNAMIC_AUTOMATED', memberQuery, memberQueryExemptions: [] },
        { 'x-query-dsl': 'v2' },
      );
      assert.deepEqual(preview.members.map((member) => member.email), [ALIAS]);
      group = await secondary.dynamicGroup('Federated Users to the Primary Org', memberQuery.filters);
      const { results } = await secondary.api.get(`/api/v2/usergroups/${group.id}/memberlist`);
      assert.deepEqual(results.map((member) => member.email), [ALIAS]);
    });

    test('4, 5, 6 the Primary\'s application: hidden, Client Secret Post, the secret shown once, bound to a group', async () => {
      const allowed = await primary.group('May Use The Secondary', [ana]);
      application = await primary.application('OIDC for Secondary Org', {
        hidden: true,
        groups: [allowed],
        redirectUris: [`${secondary.muster.base}/oauth/callback`],
        relyingPartyUrl: `${secondary.muster.base}/console`,
        dynamicClaims: [{ name: 'email', value: 'SecondaryEmail' }],
      });
      assert.equal(application.settings.tokenEndpointAuthMethod, 'client_secret_post');
      assert.ok(application.clientSecret.length >= 32);
      const again = await primary.api.get(`/api/v2/applications/${application.id}/sso`);
      assert.ok(!JSON.stringify(again).includes(application.clientSecret));
      const browser = new Browser();
      await browser.open(primary.login);
      await withPassword(browser, REAL);
      const cookie = browser.cookies.line(new URL(primary.muster.base), { method: 'GET', crossSite: false });
      const tiles = await (await fetch(`${primary.muster.base}/api/v2/me/applications`, { headers: { cookie, 'x-org-id': primary.id } })).json();
      assert.deepEqual(tiles, [], 'no tile in the portal');
    });

    test('7, 8 POST /api/v2/identity-providers with the seed\'s body; the secret never comes back', async () => {
      const answer = await secondary.api.send('POST', '/api/v2/identity-providers', {
        name: 'Primary JumpCloud Org',
        oidc: { clientId: application.clientId, clientSecret: application.clientSecret, url: primary.issuer },
        type: 'OIDC',
      });
      assert.equal(answer.status, 201);
      provider = answer.body;
      const listed = await secondary.api.get('/api/v2/identity-providers');
      assert.equal(listed.totalCount, 1);
      for (const shown of [answer.body, listed]) assert.ok(!JSON.stringify(shown).includes(application.clientSecret));
      assert.equal(provider.redirectUri, `${secondary.muster.base}/oauth/callback`, 'Muster answers with iss');
    });

    test('9 the routing policy', async () => {
      policy = await secondary.policy('Federated', provider, { groups: [group] });
      assert.deepEqual(policy.userGroups, [group.id]);
    });

    test('10 the person signs in before Federated authority is set', async () => {
      const browser = await typeEmail(secondary, ALIAS);
      assert.equal(browser.page.heading, APPLICATION_PAGE);
      await browser.submit({ password: PASSWORD }, { button: 'SSO Login' });
      assert.equal(browser.page.url.href, secondary.portal, browser.page.text);
      assert.equal(await whoAmI(secondary, browser), ALIAS);
      assert.equal(await whoAmI(primary, browser), REAL, 'one browser is signed in to both');
    });

    test('11 Federated authority: the status, and no password by any door', async () => {
      const { api, muster } = secondary;
      await api.put(`/api/systemusers/${anaThere.id}`, { restrictedFields: [{ field: 'password', type: 'federated_identity_provider' }] });
      assert.equal((await there()).passwordStatus, 'Federated Managed by External IdP');
      const signedIn = await typeEmail(secondary, ALIAS);
      await signedIn.submit({ password: PASSWORD }, { button: 'SSO Login' });
      const cookie = signedIn.cookies.line(new URL(muster.base), { method: 'GET', crossSite: false });
      const own = await fetch(`${muster.base}/api/v2/me/password`, {
        method: 'POST',
        headers: { cookie, 'x-org-id': secondary.id, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', origin: muster.base },
        body: JSON.stringify({ currentPassword: PASSWORD, newPassword: 'Another-long-secret-77' }),
      });
      const doors = {
        'the person in the portal': own.status,
        'an administrator': (await api.send('POST', `/api/systemusers/${anaThere.id}/password`, { password: 'Another-long-secret-77' })).status,
        'an update': (await api.send('PUT', `/api/systemusers/${anaThere.id}`, { password: 'Another-long-secret-77' })).status,
        'a reset by an administrator': (await api.send('POST', `/api/v2/users/${anaThere.id}/passwordreset`, {})).status,
      };
      for (const [door, status] of Object.entries(doors)) assert.ok(status >= 400 && status < 500, `${door}: ${status}`);
      await forgot(muster, ALIAS);
      await forgot(muster, 'local@second.example');
      const mails = await waitForMail(muster, 'local@second.example');
      assert.deepEqual(mails.filter((mail) => mail.to === ALIAS && /reset/i.test(mail.subject)), [], 'no link for the federated person');
      const direct = new Browser();
      await direct.open(secondary.login);
      await direct.post(`${secondary.login}/password`, { username: ALIAS, password: 'Another-long-secret-77' }, secondary.login);
      assert.equal(await whoAmI(secondary, direct), null);
    });

    async function forgot(muster, email) {
      const browser = new Browser();
      await browser.open(`${muster.base}/reset`);
      await browser.submit({ username: email });
      assert.equal(browser.page.status, 200);
    }

    async function waitForMail(muster, to) {
      for (let n = 0; n < 200; n += 1) {
        const mails = await (await fetch(`${muster.base}/_dev/mail?json=1`)).json();
        if (mails.some((mail) => mail.to === to)) return mails;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`no mail for ${to}`);
    }

    test('12, 13 the alias is prefilled and resolved; a wrong password is refused; the right one ends in the Secondary', async () => {
      const browser = new Browser();
      await browser.open(`${secondary.muster.base}/login`);
      await browser.submit({ username: ALIAS }, { button: 'Continue' });
      assert.equal(browser.page.url.pathname, `/o/${primary.slug}/login`);
      assert.equal(browser.page.heading, APPLICATION_PAGE);
      assert.equal(browser.page.field('username'), ALIAS);
      assert.ok(!browser.page.html.includes(`"${REAL}"`), 'the page shows no more than what was typed');
      await browser.submit({ password: 'not-the-password' }, { button: 'SSO Login' });
      assert.equal(browser.page.status, 400);
      assert.match(browser.page.text, /do not match/);
      assert.ok(!browser.page.html.includes(`"${REAL}"`));
      await browser.submit({ password: PASSWORD }, { button: 'SSO Login' });
      assert.equal(browser.page.url.href, secondary.portal, browser.page.text);
      assert.equal(await whoAmI(secondary, browser), ALIAS);
    });

    test('14 the seed\'s own way: the alias is removed by hand', async () => {
      const browser = await typeEmail(secondary, ALIAS);
      await browser.submit({ username: REAL }, { button: 'Continue' });
      await browser.submit({ password: PASSWORD }, { button: 'SSO Login' });
      assert.equal(await whoAmI(secondary, browser), ALIAS, browser.page.text);
    });

    test('15 a local person is unaffected', async () => {
      const browser = new Browser();
      await browser.open(secondary.login);
      await withPassword(browser, 'local@second.example');
      assert.equal(await whoAmI(secondary, browser), 'local@second.example');
    });

    test('15 someone outside the application\'s group is refused with a page that says why', async () => {
      await primary.user('out@acme.example', { attributes: { SecondaryEmail: 'out@acme.example.second' } });
      await secondary.user('out@acme.example.second', { password: null });
      const browser = await typeEmail(secondary, 'out@acme.example.second');
      assert.equal(browser.page.heading, APPLICATION_PAGE);
      await browser.submit({ username: 'out@acme.example' }, { button: 'Continue' });
      await browser.submit({ password: PASSWORD }, { button: 'SSO Login' });
      assert.equal(browser.page.status, 403);
      assert.equal(browser.page.heading, 'You do not have access to OIDC for Secondary Org');
      assert.equal(await whoAmI(secondary, browser), null);
    });

    test('15 an outsider\'s alias is not resolved: only members of the application are', async () => {
      const browser = await typeEmail(secondary, 'out@acme.example.second');
      await browser.submit({ password: PASSWORD }, { button: 'SSO Login' });
      assert.equal(browser.page.status, 400, 'as for anybody unknown');
    });

    test('16 the Primary\'s credentials still open the Primary', async () => {
      const browser = new Browser();
      await browser.open(primary.login);
      await withPassword(browser, REAL);
      assert.equal(browser.page.url.href, primary.portal);
      assert.equal(await whoAmI(primary, browser), REAL);
    });

    test('16 the alias means nothing at the Primary\'s own login page', async () => {
      const browser = new Browser();
      await browser.open(primary.login);
      await withPassword(browser, ALIAS);
      assert.equal(browser.page.status, 400);
    });

    test('17 an application of the Secondary, opened first, goes through the Primary and back', async () => {
      const theirs = await secondary.application('App of the Secondary', { groups: [group], redirectUris: [REDIRECT_URI], tokenEndpointAuthMethod: 'client_secret_post' });
      const party = await Party.of(theirs);
      const browser = new Browser({ stopAt: REDIRECT_URI });
      const { address, proofs } = await party.begin();
      await browser.open(address);
      await browser.submit({ username: ALIAS }, { button: 'Continue' });
      assert.equal(browser.page.url.pathname, `/o/${primary.slug}/login`);
      await browser.submit({ password: PASSWORD }, { button: 'SSO Login' });
      assert.ok(browser.page.stopped, browser.page.text);
      const claims = (await party.finish(browser.page.url, proofs)).claims();
      assert.equal(claims.sub, anaThere.id);
      assert.equal(claims.email, ALIAS);
    });

    test('the trace of a sign-in is kept with its event', async () => {
      const [event] = (await secondary.events(anaThere)).filter((e) => e.type === 'user_login_attempt' && e.success);
      const steps = event.trace.map((step) => `${step.step}: ${step.saw}`).join('\n');
      assert.match(steps, /The subject is linked to a person here/);
      assert.match(steps, /The routing policy "Federated" applies/);
    });

    test('disabled by the Primary: a deactivated application lets nobody through', async () => {
      const body = await primary.api.get(`/api/applications/${application.id}`);
      await primary.api.put(`/api/applications/${application.id}`, { ...body, active: false });
      const browser = await typeEmail(secondary, ALIAS);
      assert.equal(browser.page.status, 403);
      assert.match(browser.page.heading, /is not active/);
      await primary.api.put(`/api/applications/${application.id}`, { ...body, active: true });
      const control = await typeEmail(secondary, ALIAS);
      assert.equal(control.page.heading, APPLICATION_PAGE);
    });

    test('loop: the Primary sends the person back to the Secondary, which is detected and shown', async () => {
      await secondary.api.put(`/api/systemusers/${anaThere.id}`, {
        attributes: [{ name: 'SecondaryEmail', value: ALIAS }, { name: 'PrimaryEmail', value: REAL }],
      });
      const back = await secondary.application('Back', {
        groups: [group],
        redirectUris: [`${primary.muster.base}/oauth/callback`],
        dynamicClaims: [{ name: 'email', value: 'PrimaryEmail' }],
      });
      const circle = await primary.identityProvider('The Secondary', { url: secondary.issuer, clientId: back.clientId, clientSecret: back.clientSecret });
      await primary.policy('Circle', circle, { users: [ana] });
      const browser = await typeEmail(secondary, ALIAS);
      assert.equal(browser.page.status, 409, browser.page.text);
      assert.match(browser.page.text, /goes round in a circle/);
      assert.match(browser.page.text, /ask an administrator of (Primary|Secondary)/);
    });
  });
}
