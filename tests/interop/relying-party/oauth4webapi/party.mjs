// A relying party made with npm oauth4webapi, each step by itself, so that a test can leave one out or bend it.
import * as oauth from 'oauth4webapi';
import { REDIRECT_URI } from '../world.mjs';

/** Plain http: the server under test is on loopback. */
export const INSECURE = { [oauth.allowInsecureRequests]: true };

export class Party {
  static async of(application) {
    const issuer = new URL(application.issuer);
    const answer = await oauth.discoveryRequest(issuer, INSECURE);
    return new Party(await oauth.processDiscoveryResponse(issuer, answer), application);
  }

  constructor(server, application) {
    const { clientId, clientSecret, settings } = application;
    this.server = server;
    this.client = { client_id: clientId, id_token_signed_response_alg: settings.idTokenSignedResponseAlg };
    this.authentication = authentication(settings.tokenEndpointAuthMethod, clientSecret);
  }

  /** The address of a sign-in; a parameter that is `undefined` is left out. */
  async begin(parameters = {}) {
    const verifier = oauth.generateRandomCodeVerifier();
    const all = {
      client_id: this.client.client_id,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid email',
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...parameters,
    };
    const address = new URL(this.server.authorization_endpoint);
    for (const [name, value] of Object.entries(all)) if (value !== undefined) address.searchParams.set(name, value);
    return { address: address.href, verifier, state: all.state, nonce: all.nonce };
  }

  /** Judges the answer: state and iss (RFC 9207). Throws on an error answer. */
  answer(callback, begun) {
    return oauth.validateAuthResponse(this.server, this.client, new URL(callback), begun.state ?? oauth.expectNoState);
  }

  /** Redeems; the raw HTTP answer. */
  redeem(params, verifier, { authentication = this.authentication, redirectUri = REDIRECT_URI } = {}) {
    return oauth.authorizationCodeGrantRequest(this.server, this.client, authentication, params, redirectUri, verifier, INSECURE);
  }

  /** Judges the token answer, its ID token included (claims and, against the key set, the signature). */
  async tokens(answer, { nonce, maxAge } = {}) {
    const checks = { expectedNonce: nonce ?? oauth.expectNoNonce, requireIdToken: true, ...(maxAge === undefined ? {} : { maxAge }) };
    const tokens = await oauth.processAuthorizationCodeResponse(this.server, this.client, answer, checks);
    await oauth.validateApplicationLevelSignature(this.server, answer, INSECURE);
    return { ...tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
  }

  /** The whole, from where the browser stopped. */
  async finish(browser, begun) {
    const params = this.answer(browser.page.url, begun);
    return this.tokens(await this.redeem(params, begun.verifier), begun);
  }

  userinfo(accessToken) {
    return oauth.userInfoRequest(this.server, this.client, accessToken, INSECURE);
  }

  refresh(token) {
    return oauth.refreshTokenGrantRequest(this.server, this.client, this.authentication, token, INSECURE);
  }

  async revoke(token) {
    return oauth.processRevocationResponse(await oauth.revocationRequest(this.server, this.client, this.authentication, token, INSECURE));
  }
}

/** How a client authenticates. */
export function authentication(method, secret) {
  if (method === 'none') return oauth.None();
  return method === 'client_secret_basic' ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret);
}
