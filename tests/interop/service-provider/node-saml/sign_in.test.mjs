// npm @node-saml/node-saml as the service provider: it asks by redirect and by form, checks what comes back with the
// certificate of our metadata, and begins a logout.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { SAML } from '@node-saml/node-saml';
import { safeValidateSAMLResponse } from '@stytch/samlshield';
import { Browser, PASSWORD, startMuster } from '../../harness.mjs';

/** Nobody listens there: the browser stops in front of it. */
const SP = 'http://127.0.0.1:9';
const ACS = `${SP}/acs`;
const ENTITY = 'urn:profit-prod:profit-prod-sso-auth';
const EMAIL_FORMAT = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';

function keyPair() {
  const folder = mkdtempSync(join(tmpdir(), 'node-saml-'));
  const [key, certificate] = ['sp.key', 'sp.crt'].map((name) => join(folder, name));
  const options = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3', '-subj', '/CN=sp'];
  execFileSync('openssl', ['req', ...options, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  const pair = { privateKey: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}

suite('node-saml', () => {
  let muster;
  let org;
  let ana;
  let members;
  let keys;
  let made = 0;

  before(async () => {
    keys = keyPair();
    muster = await startMuster();
    org = await muster.organization('Service Providers');
    ana = await org.user('ana@sp.example', { firstname: 'Ana', lastname: 'Sá & <co>' });
    members = await org.group('Members', [ana]);
  });
  after(() => muster?.stop());

  /** A SAML application for the group, and node-saml set up from its metadata alone. */
  async function serviceProvider(saml = {}, options = {}) {
    made += 1;
    const label = `SP <${made}> & "co"`;
    const app = await org.api.post('/api/applications', { name: 'saml2', displayLabel: label, active: true, config: {} });
    const settings = {
      spEntityId: ENTITY,
      acs: [{ url: ACS, index: 0, isDefault: true }],
      spCertificates: [keys.certificate],
      nameIdFormat: EMAIL_FORMAT,
      userAttributes: [{ name: 'username', value: 'email' }, { name: 'last', value: 'lastname' }],
      groupsAttribute: { name: 'memberOf' },
      logout: { url: `${SP}/slo` },
      // node-saml wants both signed unless it is told otherwise.
      signResponse: true,
      ...saml,
    };
    const shown = await org.api.put(`/api/v2/applications/${app._id}/saml`, settings);
    await org.bind({ id: app._id }, members);
    const metadata = await (await fetch(shown.metadataUrl)).text();
    const idpCert = [...metadata.matchAll(/<ds:X509Certificate>([^<]+)</g)].map(([, text]) => text);
    const sp = new SAML({
      issuer: ENTITY,
      audience: ENTITY,
      callbackUrl: ACS,
      entryPoint: shown.ssoUrl,
      logoutUrl: shown.logoutUrl,
      idpIssuer: shown.entityId,
      idpCert,
      privateKey: keys.privateKey,
      signatureAlgorithm: 'sha256',
      digestAlgorithm: 'sha256',
      identifierFormat: EMAIL_FORMAT,
      validateInResponseTo: 'always',
      ...options,
    });
    return { sp, shown, app };
  }

  async function signIn(browser) {
    await browser.submit({ username: ana.email }, { button: 'Continue' });
    await browser.submit({ password: PASSWORD });
  }

  /** What node-saml makes of the form that the browser would post. */
  async function judged(sp, browser) {
    const [form] = browser.page.forms;
    assert.equal(form?.action, ACS, browser.page.text);
    assert.ok(form.buttons.length === 1, 'a button for browsers without script');
    return { ...(await sp.validatePostResponseAsync(form.fields)), relayState: form.fields.RelayState };
  }

  for (const settings of [
    {},
    { signResponse: false },
    { requireSignedRequests: true },
    { signatureAlgorithm: 'RSA-SHA512' },
    { signatureAlgorithm: 'RSA-SHA1' },
    { encryption: 'AES256-GCM' },
    { encryption: 'AES128-CBC' },
  ]) {
    test(`a sign-in by redirect: ${JSON.stringify(settings)}`, async () => {
      const options = {
        ...(settings.encryption ? { decryptionPvk: keys.privateKey } : {}),
        ...(settings.signResponse === false ? { wantAuthnResponseSigned: false } : {}),
      };
      const { sp } = await serviceProvider(settings, options);
      const browser = new Browser({ stopAt: [SP] });
      await browser.open(await sp.getAuthorizeUrlAsync('state<1>', undefined, {}));
      await signIn(browser);
      const { profile, relayState } = await judged(sp, browser);
      assert.equal(profile.nameID, ana.email);
      assert.equal(profile.nameIDFormat, EMAIL_FORMAT);
      assert.equal(profile.username, ana.email);
      assert.equal(profile.last, 'Sá & <co>');
      assert.equal(profile.memberOf, 'Members');
      assert.equal(relayState, 'state<1>');
    });
  }

  test('a sign-in by form, on the session that is there', async () => {
    const { sp, shown } = await serviceProvider({ requireSignedRequests: true }, { authnRequestBinding: 'HTTP-POST', skipRequestCompression: true });
    const browser = new Browser({ stopAt: [SP] });
    const first = (await serviceProvider()).sp;
    await browser.open(await first.getAuthorizeUrlAsync('', undefined, {}));
    await signIn(browser);
    const request = await sp.getAuthorizeMessageAsync('state', undefined, {});
    await browser.post(shown.ssoUrl, request, `${SP}/`);
    assert.equal((await judged(sp, browser)).profile.nameID, ana.email);
  });

  test('the tile begins a sign-in', async () => {
    const { sp, shown } = await serviceProvider({ defaultRelayState: '/start' }, { validateInResponseTo: 'never' });
    const browser = new Browser({ stopAt: [SP] });
    await browser.open(shown.ssoUrl);
    await signIn(browser);
    const { profile, relayState } = await judged(sp, browser);
    assert.equal(profile.nameID, ana.email);
    assert.equal(relayState, '/start');
  });

  test('an answer counts once, and not for another service provider', async () => {
    const { sp } = await serviceProvider();
    const other = (await serviceProvider({}, { audience: 'urn:other' })).sp;
    const browser = new Browser({ stopAt: [SP] });
    await browser.open(await sp.getAuthorizeUrlAsync('', undefined, {}));
    await signIn(browser);
    const { fields } = browser.page.forms[0];
    await assert.rejects(other.validatePostResponseAsync(fields));
    await sp.validatePostResponseAsync(fields);
    await assert.rejects(sp.validatePostResponseAsync(fields), /InResponseTo/);
  });

  test('samlshield says nothing against what we issue', async () => {
    const shapes = [{}, { signResponse: false }, { signAssertion: false }, { signatureAlgorithm: 'ECDSA-SHA256' }];
    for (const saml of shapes) {
      const { sp } = await serviceProvider(saml);
      const browser = new Browser({ stopAt: [SP] });
      await browser.open(await sp.getAuthorizeUrlAsync('', undefined, {}));
      await signIn(browser);
      const response_xml = browser.page.forms[0].fields.SAMLResponse;
      assert.deepEqual(await safeValidateSAMLResponse({ response_xml }), { valid: true }, JSON.stringify(saml));
      const xml = Buffer.from(response_xml, 'base64').toString();
      const spoiled = [
        xml.replace('@sp.example<', '@sp.example<!-- -->.evil.example<'),
        xml.replace(/<ds:Signature [\s\S]*?<\/ds:Signature>/g, ''),
        `<!DOCTYPE x [<!ENTITY a "b">]>${xml}`,
      ];
      for (const text of spoiled) {
        const judged = await safeValidateSAMLResponse({ response_xml: Buffer.from(text).toString('base64') });
        assert.equal(judged.valid, false, 'the judge sees something');
      }
    }
  });

  test('signing out at Muster tells the service provider', async () => {
    const { sp } = await serviceProvider();
    const browser = new Browser({ stopAt: [SP] });
    await browser.open(await sp.getAuthorizeUrlAsync('', undefined, {}));
    await signIn(browser);
    await judged(sp, browser);
    await browser.open(`${muster.base}/logout`);
    await browser.submit({}, { button: 'Sign out' });
    assert.match(browser.page.text, /is still to be told/);
    await browser.follow('Continue');
    assert.ok(browser.page.stopped, browser.page.text);
    const query = browser.page.url.search.slice(1);
    const parameters = Object.fromEntries(new URLSearchParams(query));
    const { profile } = await sp.validateRedirectAsync(parameters, query);
    assert.equal(profile.nameID, ana.email);
    await browser.open(await sp.getLogoutResponseUrlAsync(profile, parameters.RelayState, {}, true));
    assert.match(browser.page.text, /You are signed out/);
    assert.match(browser.page.text, /signed out/);
  });

  test('a logout ends the session, and its answer is signed', async () => {
    const { sp } = await serviceProvider();
    const browser = new Browser({ stopAt: [SP] });
    await browser.open(await sp.getAuthorizeUrlAsync('', undefined, {}));
    await signIn(browser);
    const { profile } = await judged(sp, browser);
    await browser.open(await sp.getLogoutUrlAsync(profile, 'bye', {}));
    assert.ok(browser.page.stopped, browser.page.text);
    const query = browser.page.url.search.slice(1);
    const { loggedOut } = await sp.validateRedirectAsync(Object.fromEntries(new URLSearchParams(query)), query);
    assert.equal(loggedOut, true);
    await browser.open(await sp.getAuthorizeUrlAsync('', undefined, {}));
    assert.ok(!browser.page.field('SAMLResponse'), 'the session is over');
  });
});
