// What the federation tests ask of an organization: people who are sent to a provider, and how their sign-in ended.
import assert from 'node:assert/strict';
import { Browser } from '../harness.mjs';

/** A group whose people a policy sends to the provider; `person` makes another of them. */
export async function routed(org, provider, label = provider.name) {
  const group = await org.group(`To ${label}`);
  const policy = await org.policy(`To ${label}`, provider, { groups: [group] });
  return {
    group,
    policy,
    async person(email, fields) {
      const user = await org.user(email, fields);
      await org.join(group, user);
      return user;
    },
  };
}

/** Types the e-mail at the organization's login page; the present page is what came of it. */
export async function typeEmail(org, email, browser = new Browser()) {
  await browser.open(org.login);
  await browser.submit({ username: email }, { button: 'Continue' });
  return browser;
}

/** The portal of the organization was reached, and a session is there. */
export async function assertSignedIn(org, browser, user) {
  assert.equal(browser.page.url.href, org.portal, `${browser.page.heading}: ${browser.page.text}`);
  const [{ results: sessions }, me] = await Promise.all([sessionsOf(org, user), whoAmI(org, browser)]);
  assert.ok(sessions.length > 0, 'a session is listed');
  assert.equal(me, user.email);
}

async function sessionsOf(org, user) {
  const answer = await org.api.get(`/api/v2/users/${user.id}/sessions`);
  return Array.isArray(answer) ? { results: answer } : answer;
}

/** The e-mail of the person whom the browser is signed in as in the organization; `null` for nobody. */
export async function whoAmI(org, browser) {
  const cookie = browser.cookies.line(new URL(`${org.muster.base}/api/v2/me`), { method: 'GET', crossSite: false });
  const answer = await fetch(`${org.muster.base}/api/v2/me`, { headers: { cookie, 'x-org-id': org.id } });
  if (answer.status === 401) return null;
  assert.equal(answer.status, 200);
  return (await answer.json()).user.email;
}

/**
 * A page of ours says that it did not work and whom to ask; nobody is signed in; the reason stands in an event, and only
 * there. `user` is the person who was sent away, `reason` what administrators read.
 */
export async function assertRefused(org, browser, { provider, user, reason, status = 403, told } = {}) {
  const { page } = browser;
  assert.equal(page.url.origin, org.muster.base, `${page.url}`);
  assert.equal(page.status, status, `${page.heading}: ${page.text}`);
  assert.equal(page.heading, `You could not be signed in with ${provider.name}`);
  assert.match(page.text, new RegExp(`ask an administrator of ${org.name}`));
  if (told) assert.match(page.text, told);
  assert.equal(await whoAmI(org, browser), null);
  if (!reason) return;
  const [event] = await org.events(user);
  assert.equal(event.success, false);
  assert.equal(event.type, 'user_login_attempt');
  const failed = event.trace.filter((step) => !step.passed);
  assert.match(failed.map((step) => `${step.step}: ${step.saw}`).join('\n'), reason);
}

/** The provider's card in the console. */
export async function check(org, provider) {
  return (await org.api.get(`/api/v2/identity-providers/${provider.id}`)).check;
}
