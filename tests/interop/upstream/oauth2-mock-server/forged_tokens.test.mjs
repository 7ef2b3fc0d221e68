// ID tokens that must be refused, one test each, and their true twins that must not.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { assertRefused, assertSignedIn, typeEmail } from '../federation.mjs';
import { atHash, base64url, claimsOf, hmac, jws, newKey, publicJwk, publicPem, signer, unsigned } from '../forge.mjs';
import { mockWorld } from './world.mjs';

// The second wording is for when the key set was read anew too often lately.
const UNKNOWN_KEY = /no key named "|does not publish/;
const NOW = () => Math.floor(Date.now() / 1000);

suite('oauth2-mock-server: forged ID tokens', () => {
  let world;
  let attacker;
  before(async () => {
    world = await mockWorld();
    attacker = newKey('RS256', 'attacker');
  });
  after(() => world?.stop());

  /** A sign-in of a new person with the true claims bent by `claims`, or with the whole token by `forge`. */
  async function attempt({ claims, forge, response, person }) {
    const user = person ?? (await world.person());
    world.mock.say = {
      claims(payload) {
        Object.assign(payload, { sub: `sub-${user.id}`, email: user.email, email_verified: true });
        claims?.(payload, user);
      },
      response(answer) {
        if (forge) answer.body.id_token = forge(claimsOf(answer.body.id_token), answer.body);
        response?.(answer);
      },
    };
    return { user, browser: await typeEmail(world.org, user.email) };
  }

  function refused(name, reason, how, expected = {}) {
    test(name, async () => {
      const { user, browser } = await attempt(how);
      await assertRefused(world.org, browser, { provider: world.provider, user, reason, ...expected });
    });
  }

  function accepted(name, how) {
    test(name, async () => {
      const { user, browser } = await attempt(how);
      await assertSignedIn(world.org, browser, user);
    });
  }

  const trueHeader = () => ({ alg: 'RS256', typ: 'JWT', kid: world.mock.kid });
  const trulySigned = (header, payload) => jws(header, payload, signer(world.mock.privateJwk, 'RS256'));
  const byAttacker = (header) => ({ forge: (payload) => jws({ ...trueHeader(), ...header() }, payload, signer(attacker, 'RS256')) });

  accepted('control: the true token signs in', {});
  accepted('control: forged with the true key it is believed, so the forgeries differ by one thing only', {
    forge: (payload) => trulySigned(trueHeader(), payload),
  });

  suite('the signature', () => {
    for (const alg of ['none', 'nOnE', 'NONE', '']) {
      refused(`alg_none: "${alg}"`, /algorithm/, { forge: (payload) => jws({ alg, typ: 'JWT' }, payload, unsigned) });
    }
    refused('alg_none with the kid of a true key', /algorithm "none"/, {
      forge: (payload) => jws({ ...trueHeader(), alg: 'none' }, payload, unsigned),
    });
    refused('alg_confusion_hs256_with_public_key: as PEM', /algorithm "HS256"/, {
      forge: (payload) => jws({ ...trueHeader(), alg: 'HS256' }, payload, hmac(publicPem(world.mock.privateJwk))),
    });
    refused('alg_confusion_hs256_with_public_key: as JWK', /algorithm "HS256"/, {
      forge: (payload) => jws({ ...trueHeader(), alg: 'HS256' }, payload, hmac(JSON.stringify(publicJwk(world.mock.privateJwk)))),
    });
    refused('alg_confusion: the client secret as HS256 key', /algorithm "HS256"/, {
      forge: (payload) => jws({ ...trueHeader(), alg: 'HS256' }, payload, hmac('upstream-secret-of-the-tests')),
    });
    refused('alg_confusion: ES256 named for an RSA key', /no key that fits algorithm ES256/, {
      forge: (payload) => jws({ ...trueHeader(), alg: 'ES256' }, payload, signer(newKey('ES256', 'x'), 'ES256')),
    });
    refused('kid_unknown', UNKNOWN_KEY, byAttacker(() => ({ kid: 'attacker' })));
    refused('kid of a true key, signed by another', /signature is not valid/, byAttacker(() => ({})));
    refused('no kid, signed by another', /signature is not valid/, {
      forge: (payload) => jws({ alg: 'RS256' }, payload, signer(attacker, 'RS256')),
    });
    refused('kid_path', UNKNOWN_KEY, byAttacker(() => ({ kid: '../../../../../../dev/null' })));
    refused('kid_sql', UNKNOWN_KEY, byAttacker(() => ({ kid: "x' UNION SELECT 'k" })));
    refused('kid_too_long', /kid is not a short text/, byAttacker(() => ({ kid: 'k'.repeat(5000) })));
    refused('kid_number', /kid is not a short text/, byAttacker(() => ({ kid: 1 })));
    refused('embedded_jwk', /signature is not valid/, byAttacker(() => ({ jwk: publicJwk(attacker) })));
    refused('embedded_jwk under a name of its own', UNKNOWN_KEY, byAttacker(() => ({ kid: 'attacker', jwk: publicJwk(attacker) })));
    refused('embedded_jku', UNKNOWN_KEY, byAttacker(() => ({ kid: 'attacker', jku: 'http://127.0.0.1:9/jwks' })));
    refused('embedded_x5u', /signature is not valid/, byAttacker(() => ({ x5u: 'http://127.0.0.1:9/cert', x5c: ['MIIB'] })));
    refused('crit_unknown', /demands an extension/, { forge: (payload) => trulySigned({ ...trueHeader(), crit: ['exp'] }, payload) });
    refused('claims_changed_after_signing', /signature is not valid/, {
      forge(payload, body) {
        const [header, , signature] = body.id_token.split('.');
        return `${header}.${base64url({ ...payload, sub: 'admin' })}.${signature}`;
      },
    });
    refused('signature_stripped', /signature is not valid/, { forge: (_, body) => `${body.id_token.split('.').slice(0, 2).join('.')}.` });
    refused('claim_twice', /unique member names/, {
      forge: (payload) => trulySigned(trueHeader(), JSON.stringify(payload).replace('{', '{"sub":"admin",')),
    });
  });

  suite('for whom, from whom', () => {
    refused('wrong_issuer', /issued by http:\/\/evil\.example/, { claims: (payload) => { payload.iss = 'http://evil.example'; } });
    refused('wrong_issuer: a slash more', /issued by/, { claims: (payload) => { payload.iss += '/'; } });
    refused('issuer_missing', /no valid claim "iss"/, { claims: (payload) => { delete payload.iss; } });
    refused('wrong_audience', /is for someone-else/, { claims: (payload) => { payload.aud = 'someone-else'; } });
    refused('audience_missing', /no valid claim "aud"/, { claims: (payload) => { delete payload.aud; } });
    refused('audience_in_other_case', /is for MUSTER/, { claims: (payload) => { payload.aud = 'MUSTER'; } });
    refused('azp_mismatch', /issued to client someone-else/, { claims: (payload) => { payload.azp = 'someone-else'; } });
    refused('several_audiences_without_azp', /for several clients/, { claims: (payload) => { payload.aud = ['muster', 'other']; } });
    accepted('several audiences with our azp', { claims: (payload) => Object.assign(payload, { aud: ['muster', 'other'], azp: 'muster' }) });
    refused('nonce_missing', /has no nonce/, { claims: (payload) => { delete payload.nonce; }, forge: forgeWithout('nonce') });
    refused('nonce_wrong', /nonce is not the one/, { forge: forgeWith({ nonce: 'another' }) });
    refused('nonce_of_another_type', /nonce/, { forge: forgeWith({ nonce: 7 }) });
    refused('subject_missing', /no valid claim "sub"/, { forge: forgeWithout('sub') });
    refused('subject_empty', /subject/, { claims: (payload) => { payload.sub = ''; } });
    refused('subject_too_long', /subject/, { claims: (payload) => { payload.sub = 's'.repeat(256); } });
    refused('subject_number', /no valid claim "sub"/, { claims: (payload) => { payload.sub = 1; } });
    refused('at_hash_wrong', /at_hash does not belong/, { claims: (payload) => { payload.at_hash = atHash('another'); } });
    accepted('at_hash right', { forge: (payload, body) => trulySigned(trueHeader(), { ...payload, at_hash: atHash(body.access_token) }) });
  });

  function forgeWith(changes) {
    return (payload) => trulySigned(trueHeader(), { ...payload, ...changes });
  }

  function forgeWithout(name) {
    return ({ [name]: _, ...payload }) => trulySigned(trueHeader(), payload);
  }

  suite('times', () => {
    refused('expired', /expired/, { claims: (payload) => { payload.exp = NOW() - 70; } });
    accepted('expired within the 60 s that clocks may differ', { claims: (payload) => { payload.exp = NOW() - 30; } });
    refused('expiry_missing', /no valid claim "exp"/, { claims: (payload) => { delete payload.exp; } });
    refused('expiry_text', /no valid claim "exp"/, { claims: (payload) => { payload.exp = String(NOW() + 300); } });
    refused('expiry_absurd', /no valid claim "exp"/, { claims: (payload) => { payload.exp = 1e300; } });
    refused('not_yet_valid', /not valid for another/, { claims: (payload) => { payload.nbf = NOW() + 120; } });
    accepted('nbf within the 60 s', { claims: (payload) => { payload.nbf = NOW() + 30; } });
    refused('issued_in_future', /issued \d+ seconds in the future/, { claims: (payload) => { payload.iat = NOW() + 120; } });
    accepted('issued in the future within the 60 s', { claims: (payload) => { payload.iat = NOW() + 30; } });
    refused('issued_long_ago', /issued \d+ seconds ago/, { claims: (payload) => { payload.iat = NOW() - 3600; } });
    refused('issued_missing', /no valid claim "iat"/, { claims: (payload) => { delete payload.iat; } });
  });

  suite('no token at all', () => {
    for (const [what, token, reason] of [
      ['not a token', 'garbage', /malformed/],
      ['two parts', 'e30.e30', /malformed/],
      ['an encrypted token', 'e30.e30.e30.e30.e30', /encrypted/],
      ['a very long one', 'a'.repeat(200_000), /longer than|too large|malformed/],
      ['empty', '', /malformed|no ID token/],
      ['not base64url', '!!.!!.!!', /malformed/],
    ]) {
      test(`id_token is ${what}`, async () => {
        const { user, browser } = await attempt({ forge: () => token });
        assert.ok([403, 502].includes(browser.page.status), `${browser.page.status}`);
        await assertRefused(world.org, browser, { provider: world.provider, user, reason, status: browser.page.status });
      });
    }
    refused('id_token missing', /no ID token/, { forge: () => undefined }, { status: 502 });
    refused('id_token of another type', /./, { forge: () => 7 }, { status: 502 });
    refused('token_type other than Bearer', /no OAuth answer/, { response: (answer) => { answer.body.token_type = 'mac'; } }, { status: 502 });
    refused('an error with status 200', /invalid_grant/, { response: (answer) => { answer.body = { error: 'invalid_grant' }; } }, { status: 502 });
    refused('an error with status 400', /invalid_grant.*no such code/, {
      response: (answer) => Object.assign(answer, { statusCode: 400, body: { error: 'invalid_grant', error_description: 'no such code' } }),
    }, { status: 502 });
  });
});
