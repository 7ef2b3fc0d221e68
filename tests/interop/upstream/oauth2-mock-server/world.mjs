// npm oauth2-mock-server as an identity provider that says whatever a test wants.
import { OAuth2Server } from 'oauth2-mock-server';
import { startMuster } from '../../harness.mjs';
import { routed } from '../federation.mjs';

/** A provider; `say` is what the next ID token says and how it is made. */
export async function startMock() {
  const server = new OAuth2Server();
  const key = await server.issuer.keys.generate('RS256');
  await server.start(0, '127.0.0.1');
  const mock = { server, url: server.issuer.url, kid: key.kid, say: {}, redeemed: 0, stop: () => server.stop() };
  mock.privateJwk = server.issuer.keys.toJSON(true).find((jwk) => jwk.kid === key.kid);
  server.service.on('beforeTokenSigning', (token) => mock.say.claims?.(token.payload, token.header));
  server.service.on('beforeAuthorizeRedirect', (redirect) => mock.say.redirect?.(redirect.url));
  server.service.on('beforeResponse', (response) => {
    mock.redeemed += 1;
    mock.say.response?.(response);
  });
  return mock;
}

/** Muster, an organization, and the mock as its provider with people who are sent there. */
export async function mockWorld() {
  const [muster, mock] = await Promise.all([startMuster(), startMock()]);
  const org = await muster.organization('Forged');
  const provider = await org.identityProvider('Mock', { url: mock.url });
  const route = await routed(org, provider);
  let people = 0;
  return {
    muster,
    org,
    mock,
    provider,
    route,
    /** A new person who is sent to the mock. */
    person(fields) {
      people += 1;
      return route.person(`person${people}@forged.example`, { password: null, ...fields });
    },
    async stop() {
      await mock.stop();
      await muster.stop();
    },
  };
}
