// Tokens as an attacker would make them: any header, any claims, any key. Synchronous, since the counterparts' hooks are.
import { createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';

export const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A compact JWS; `payload` may be a text, for JSON that no library would write. */
export function jws(header, payload, signer) {
  const message = `${base64url(header)}.${base64url(payload)}`;
  return `${message}.${signer(Buffer.from(message)).toString('base64url')}`;
}

export const unsigned = () => Buffer.alloc(0);

/** Signs with a private JWK. */
export function signer(jwk, alg = jwk.alg) {
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  const options = alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : { key };
  return (data) => sign(alg === 'EdDSA' ? null : 'sha256', data, options);
}

/** HS256 with any bytes as the key. */
export const hmac = (secret) => (data) => createHmac('sha256', secret).update(data).digest();

/** A new private JWK. */
export function newKey(alg, kid) {
  const made = {
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: () => generateKeyPairSync('ed25519'),
  }[alg]();
  return { ...made.privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

/** The public half. */
export function publicJwk({ kid, alg, ...jwk }) {
  return { ...createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'jwk' }), kid, alg, use: 'sig' };
}

/** The public half as text, as an attacker uses it for HS256. */
export function publicPem(jwk) {
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
}

/** `at_hash` of an access token for the algorithms with SHA-256 (OpenID Connect Core 3.1.3.6). */
export function atHash(accessToken) {
  return createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
}

/** The claims of a compact token, unverified. */
export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
