// What every relying party of these tests meets: an organization, a person who may use the application, one who may not.
import { Browser, startMuster } from '../harness.mjs';

/** The application's own address; nobody listens there: the browser stops in front of it. */
export const REDIRECT_URI = 'http://127.0.0.1:9/callback';
export const POST_LOGOUT_URI = 'http://127.0.0.1:9/signed-out';

export async function relyingPartyWorld() {
  const muster = await startMuster();
  const org = await muster.organization('Relying Parties');
  const ana = await org.user('ana@relying.example', { firstname: 'Ana', lastname: 'Sá', attributes: { floor: '7' } });
  const outsider = await org.user('out@relying.example');
  const members = await org.group('Members', [ana]);
  let made = 0;
  return {
    muster,
    org,
    ana,
    outsider,
    members,
    /** A new application for the group; `oidc` overrides its settings. */
    application(oidc = {}) {
      made += 1;
      return org.application(`Application ${made}`, {
        groups: [members],
        redirectUris: [REDIRECT_URI],
        postLogoutRedirectUris: [POST_LOGOUT_URI],
        grantTypes: ['authorization_code', 'refresh_token'],
        tokenEndpointAuthMethod: 'client_secret_post',
        ...oidc,
      });
    },
    browser: () => new Browser({ stopAt: [REDIRECT_URI, POST_LOGOUT_URI] }),
  };
}
