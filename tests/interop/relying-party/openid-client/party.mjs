// A relying party made with npm openid-client.
import * as client from 'openid-client';
import { POST_LOGOUT_URI, REDIRECT_URI } from '../world.mjs';

const METHODS = {
  client_secret_post: (secret) => client.ClientSecretPost(secret),
  client_secret_basic: (secret) => client.ClientSecretBasic(secret),
  none: () => client.None(),
};

export class Party {
  /** Configured by discovery alone. */
  static async of(application) {
    const { issuer, clientId, clientSecret, settings } = application;
    const method = METHODS[settings.tokenEndpointAuthMethod](clientSecret);
    const metadata = { client_secret: clientSecret, id_token_signed_response_alg: settings.idTokenSignedResponseAlg };
    const config = await client.discovery(new URL(issuer), clientId, metadata, method, { execute: [client.allowInsecureRequests] });
    return new Party(config);
  }

  constructor(config) {
    this.config = config;
  }

  /** A new sign-in: its address and what only the party knows of it. */
  async begin(parameters = {}) {
    const proofs = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce() };
    const address = client.buildAuthorizationUrl(this.config, {
      redirect_uri: REDIRECT_URI,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(proofs.verifier),
      code_challenge_method: 'S256',
      state: proofs.state,
      nonce: proofs.nonce,
      ...parameters,
    });
    return { address: address.href, proofs };
  }

  /** Judges the answer and redeems the code. openid-client checks iss, state, nonce, signature, audience and times. */
  finish(callback, { verifier, state, nonce }, checks = {}) {
    return client.authorizationCodeGrant(this.config, new URL(callback), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
      ...checks,
    });
  }

  /** The whole of a sign-in in a browser that types e-mail and password. */
  async signIn(browser, { email, password }, parameters = {}, checks = {}) {
    const { address, proofs } = await this.begin(parameters);
    await browser.open(address);
    if (!browser.page.stopped) {
      await browser.submit({ username: email }, { button: 'Continue' });
      await browser.submit({ password }, { button: 'SSO Login' });
    }
    return this.finish(browser.page.url, proofs, checks);
  }

  userinfo(tokens) {
    return client.fetchUserInfo(this.config, tokens.access_token, tokens.claims().sub);
  }

  refresh(token) {
    return client.refreshTokenGrant(this.config, token);
  }

  signOutAddress(idToken, state) {
    const parameters = { post_logout_redirect_uri: POST_LOGOUT_URI, state, ...(idToken ? { id_token_hint: idToken } : {}) };
    return client.buildEndSessionUrl(this.config, parameters).href;
  }
}
