// An organization under test and the things an administrator makes in it, by the API.
import { Api } from './api.mjs';

/** The password of everybody in these tests who has one. */
export const PASSWORD = 'Interop-tea-pot-1987';

export class Organization {
  constructor(muster, { id, slug, name, issuer, apiKey }) {
    Object.assign(this, { muster, id, slug, name, issuer, api: new Api(muster.base, apiKey, id) });
    this.login = `${muster.base}/o/${slug}/login`;
    this.portal = `${muster.base}/portal/${slug}/`;
  }

  /** An activated person; `password: null` for one who has none. */
  async user(email, { password = PASSWORD, attributes = {}, ...rest } = {}) {
    const custom = Object.entries(attributes).map(([name, value]) => ({ name, value }));
    const body = { username: email.split('@')[0].replaceAll('+', '.'), email, state: 'ACTIVATED', attributes: custom, ...rest };
    if (password !== null) body.password = password;
    const made = await this.api.post('/api/systemusers', body);
    return { ...made, id: made._id };
  }

  /** A group with these people. */
  async group(name, members = []) {
    const made = await this.api.post('/api/v2/usergroups', { name });
    for (const { id } of members) await this.join(made, { id });
    return made;
  }

  async join(group, user) {
    await this.api.post(`/api/v2/usergroups/${group.id}/members`, { op: 'add', type: 'user', id: user.id });
  }

  /** A dynamic group with conditions of the console's form. */
  async dynamicGroup(name, filters) {
    const body = { name, membershipMethod: 'DYNAMIC_AUTOMATED', memberQuery: { filters } };
    return this.api.post('/api/v2/usergroups', body, { 'x-query-dsl': 'v2' });
  }

  /** An active application for these groups; `client` is how an OpenID client is told of it. */
  async application(displayLabel, { groups = [], hidden = false, ...oidc }) {
    const made = await this.api.post('/api/applications', {
      name: 'oidc', displayName: 'OpenID Connect', displayLabel, active: true, config: {}, sso: { type: 'oidc', hidden },
    });
    const { oidc: settings } = await this.api.post(`/api/v2/applications/${made._id}/sso`, { type: 'oidc', hidden, oidc });
    for (const group of groups) await this.bind({ id: made._id }, group);
    return { id: made._id, clientId: settings.clientId, clientSecret: settings.clientSecret, settings, issuer: this.issuer };
  }

  /** Gives a group access to an application. */
  async bind(application, group) {
    await this.api.post(`/api/v2/applications/${application.id}/associations`, { op: 'add', type: 'user_group', id: group.id });
  }

  /** An identity provider; the answer has its `redirectUri`. */
  async identityProvider(name, { url, clientId = 'muster', clientSecret = 'upstream-secret-of-the-tests', type = 'OIDC', ...rest }) {
    return this.api.post('/api/v2/identity-providers', { name, type, oidc: { clientId, clientSecret, url }, ...rest });
  }

  /** A routing policy that sends these groups and people to a provider. */
  async policy(name, identityProvider, { groups = [], users = [], ...rest } = {}) {
    const ids = (list) => list.map(({ id }) => id);
    const body = { name, identityProviderId: identityProvider.id, userGroups: ids(groups), users: ids(users), ...rest };
    return this.api.post('/api/v2/identity-provider/policies', body);
  }

  /** What happened to a person, newest first. */
  async events(user) {
    const { results } = await this.api.get(`/api/v2/users/${user.id}/events?limit=50`);
    return results;
  }
}
