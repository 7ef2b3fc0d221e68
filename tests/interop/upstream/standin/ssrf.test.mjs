// Outgoing requests reach no address that an administrator of one organization should not reach through the server.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, suite, test } from 'node:test';
import { assertRefused, check, routed, typeEmail } from '../federation.mjs';
import { StandIn } from '../standin.mjs';
import { startMuster } from '../../harness.mjs';

const FORBIDDEN = [
  'http://169.254.169.254/latest/meta-data',
  'http://10.0.0.1',
  'http://172.16.5.5',
  'http://192.168.1.1',
  'http://100.64.0.1',
  'http://0.0.0.0:80',
  'http://127.1:80',
  'http://2130706433',
  'http://0x7f.0.0.1',
  'http://[::1]:80',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:a9fe:a9fe]',
  'http://[fe80::1]',
  'http://[fd00:ec2::254]',
  'http://localhost:80',
];

suite('stand-in: SSRF', () => {
  let muster;
  let org;
  let inner;
  before(async () => {
    muster = await startMuster({ egressAllow: [] });
    org = await muster.organization('Outgoing');
    inner = await StandIn.start();
  });
  after(async () => {
    await inner?.stop();
    await muster?.stop();
  });

  const discover = (url, on = org) => on.api.post('/api/v2/identity-providers/discover', { url, type: 'OIDC' });

  for (const url of FORBIDDEN) {
    test(`${url} is not reached`, async () => {
      const { problems, issuer } = await discover(url);
      assert.equal(issuer ?? null, null);
      assert.match(problems.join(), /may not be reached from here/);
    });
  }

  test('another port of the server\'s own loopback address, by all its names', async () => {
    const { port } = new URL(inner.base);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '127.0.0.2']) {
      const { problems } = await discover(`http://${host}:${port}`);
      assert.match(problems.join(), /may not be reached|cannot be reached/, host);
    }
    assert.equal(inner.asked.discovery, 0);
  });

  test('another port of localhost where the server itself is called localhost', async () => {
    const named = await startMuster({ host: 'localhost', egressAllow: [] });
    try {
      const its = await named.organization('Named');
      const { port } = new URL(inner.base);
      for (const host of ['localhost', '127.0.0.1']) {
        const { problems } = await discover(`http://${host}:${port}`, its);
        assert.match(problems.join(), /may not be reached/, host);
      }
      assert.equal(inner.asked.discovery, 0);
      const own = await discover(its.issuer, its);
      assert.deepEqual(own.problems, [], 'control: its own issuer is reached');
    } finally {
      await named.stop();
    }
  });

  for (const [what, url] of [['file', 'file:///etc/passwd'], ['ftp', 'ftp://example.com'], ['gopher', 'gopher://127.0.0.1:25/x'], ['no scheme', 'example.com'], ['user information', 'https://a:b@example.com'], ['a query', 'https://example.com/?a=b']]) {
    test(`${what} is a 400 that names the field`, async () => {
      const answer = await org.api.send('POST', '/api/v2/identity-providers', {
        name: what, type: 'OIDC', oidc: { clientId: 'c', clientSecret: 's', url },
      });
      assert.equal(answer.status, 400, JSON.stringify(answer.body));
      assert.ok(answer.body.fields.some((f) => f.field === 'oidc.url'), JSON.stringify(answer.body));
    });
  }

  test('a provider that was made all the same: its card says why, people get the page', async () => {
    const provider = await org.identityProvider('Metadata Service', { url: 'http://169.254.169.254' });
    const { person } = await routed(org, provider);
    const user = await person('ana@outgoing.example', { password: null });
    await org.api.post(`/api/v2/identity-providers/${provider.id}/check`);
    const card = await check(org, provider);
    assert.equal(card.state, 'failing');
    assert.match(card.message, /may not be reached/);
    const browser = await typeEmail(org, user.email);
    await assertRefused(org, browser, { provider, user, reason: /may not be reached/, status: 502 });
  });

  suite('an allowed provider that leads elsewhere', () => {
    let open;
    let theirs;
    before(async () => {
      open = await startMuster({ egressAllow: ['127.0.0.1/32'] });
      theirs = await open.organization('Led Astray');
    });
    after(() => open?.stop());

    /** A provider whose metadata is bent. */
    async function bent(extra) {
      const standIn = await StandIn.start({ metadata: extra });
      const provider = await theirs.identityProvider(`Bent ${standIn.base}`, { url: standIn.url });
      return { standIn, provider, state: await theirs.api.post(`/api/v2/identity-providers/${provider.id}/check`) };
    }

    for (const [member, address] of [
      ['jwks_uri', 'http://127.0.0.2:9/keys'],
      ['jwks_uri', 'http://[::1]:9/keys'],
      ['jwks_uri', 'http://169.254.169.254/keys'],
      ['jwks_uri', 'file:///etc/passwd'],
      ['token_endpoint', 'http://169.254.169.254/token'],
      ['token_endpoint', 'gopher://127.0.0.1/'],
    ]) {
      test(`${member} ${address}`, async () => {
        const { standIn, state } = await bent(() => ({ [member]: address }));
        try {
          assert.equal(state.state, 'failing', JSON.stringify(state));
        } finally {
          await standIn.stop();
        }
      });
    }

    test('a token endpoint on a forbidden address gets neither code nor secret', async () => {
      let asked = 0;
      const listener = http.createServer((_, response) => {
        asked += 1;
        response.end('{}');
      });
      await new Promise((resolve) => listener.listen(0, '127.0.0.2', resolve));
      const { standIn, provider } = await bent(() => ({ token_endpoint: `http://127.0.0.2:${listener.address().port}/token` }));
      const { person } = await routed(theirs, provider);
      const user = await person('bo@astray.example', { password: null });
      const browser = await typeEmail(theirs, user.email);
      await assertRefused(theirs, browser, { provider, user, reason: /may not be reached/, status: 502 });
      assert.equal(asked, 0);
      await Promise.all([standIn.stop(), new Promise((resolve) => listener.close(resolve))]);
    });

    test('a redirect to a forbidden address is not followed', async () => {
      const { standIn } = await bent();
      standIn.ill.discovery = (_, response) => response.writeHead(302, { location: `${inner.url}/.well-known/openid-configuration` }).end();
      const before = inner.asked.discovery;
      const { problems } = await discover(standIn.url, theirs);
      assert.match(problems.join(), /redirects/);
      assert.equal(inner.asked.discovery, before);
      await standIn.stop();
    });

    test('a huge document and one that never ends', { timeout: 60_000 }, async () => {
      const { standIn } = await bent();
      standIn.ill.discovery = (_, response) => response.writeHead(200).end(Buffer.alloc(3 * 1024 * 1024, ' '));
      assert.match((await discover(standIn.url, theirs)).problems.join(), /larger than 1 MiB/);
      standIn.ill.discovery = (_, response) => response.writeHead(200).write('{');
      assert.match((await discover(standIn.url, theirs)).problems.join(), /did not answer within 10 seconds/);
      await standIn.stop();
    });
  });
});
