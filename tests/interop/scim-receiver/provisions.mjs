// Accounts out to a receiver that others wrote, through a proxy that is ill: whatever happens, it ends in the same state.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startMuster, waitFor } from '../harness.mjs';
import { IllProxy } from './proxy.mjs';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const MANY = 40;

export function provisions(name, start) {
  suite(name, () => {
    let muster;
    let org;
    let receiver;
    let proxy;
    let app;
    let group;
    let ana;
    const provision = () => `/api/v2/applications/${app.id}/provision`;
    const wait = (look, what) => waitFor(look, what, 60_000);

    before(async () => {
      receiver = await start();
      proxy = await IllProxy.start(receiver.baseUrl);
      muster = await startMuster();
      org = await muster.organization('Provisioned');
      ana = await org.user('ana@there.example', { firstname: 'Ana', lastname: 'Adams', jobTitle: 'Engineer', department: 'Research' });
      group = await org.group('Sales', [ana]);
      const made = await org.api.post('/api/applications', { name: 'scim', displayLabel: name, active: true });
      app = { id: made._id };
      await org.bind(app, group);
    });
    after(async () => {
      await muster?.stop();
      proxy?.stop();
      receiver?.stop();
    });

    const settings = (token) => ({
      baseUrl: proxy.baseUrl,
      authentication: { type: 'bearer', secret: token },
      testUserEmail: 'muster-test@there.example',
      manageGroups: true,
      guard: { count: null, percent: null },
    });

    /** What is there, asked past the proxy. */
    async function there(kind) {
      const out = [];
      for (;;) {
        const url = `${receiver.baseUrl}/${kind}?startIndex=${out.length + 1}&count=50`;
        const answer = await fetch(url, { headers: { authorization: `Bearer ${receiver.token}` } });
        const list = await answer.json();
        out.push(...(list.Resources ?? []));
        if (!list.Resources?.length || out.length >= list.totalResults) return out;
      }
    }

    const user = async (userName) => (await there('Users')).find((u) => u.userName === userName);

    async function inStep() {
      await wait(async () => {
        const { counts, state } = await org.api.get(`${provision()}/status`);
        return state === 'running' && counts.waiting === 0 && counts.failing === 0 && counts.held === 0;
      }, 'everything to be in step');
    }

    test('the connection test tells a good token from a bad one', async () => {
      const bad = await org.api.post(`${provision()}/test`, settings('not-the-token'));
      assert.equal(bad.ok, false, JSON.stringify(bad));
      const good = await org.api.post(`${provision()}/test`, settings(receiver.token));
      assert.equal(good.ok, true, JSON.stringify(good));
      assert.deepEqual([await there('Users'), await there('Groups')], [[], []]);
    });

    test('a person comes, changes, is kept out, goes and comes back as the same', async () => {
      await org.api.put(provision(), settings(receiver.token));
      const plan = await org.api.post(`${provision()}/preview`);
      assert.equal(plan.counts.create, 2, JSON.stringify(plan));
      await org.api.post(`${provision()}/activate`);
      await inStep();
      const made = await user('ana');
      assert.equal(made.name.givenName, 'Ana');
      assert.equal(made.emails[0].value, 'ana@there.example');
      assert.deepEqual([made.title, made[ENTERPRISE].department, made.active], ['Engineer', 'Research', true]);
      const [sales] = await there('Groups');
      assert.deepEqual(sales.members.map((m) => m.value), [made.id]);

      await org.api.put(`/api/systemusers/${ana.id}`, { jobTitle: 'Lead', department: 'Product' });
      await wait(async () => (await user('ana')).title === 'Lead', 'the new title');
      assert.equal((await user('ana'))[ENTERPRISE].department, 'Product');
      await org.api.put(`/api/systemusers/${ana.id}`, { state: 'SUSPENDED' });
      await wait(async () => (await user('ana')).active === false, 'the suspension');
      await org.api.put(`/api/systemusers/${ana.id}`, { state: 'ACTIVATED' });
      await wait(async () => (await user('ana')).active === true, 'the way back');
      await org.api.post(`/api/v2/usergroups/${group.id}/members`, { op: 'remove', type: 'user', id: ana.id });
      await wait(async () => (await user('ana')).active === false, 'the end of the assignment');
      await wait(async () => ((await there('Groups'))[0].members ?? []).length === 0, 'the group without her');
      await org.join(group, ana);
      await wait(async () => (await user('ana')).active === true, 'the new assignment');
      assert.equal((await user('ana')).id, made.id);
      await wait(async () => (await there('Groups'))[0].members?.length === 1, 'the group with her');
      await inStep();
      const drift = await org.api.post(`${provision()}/drift`);
      assert.deepEqual(drift.items, []);
    });

    test('ill answers and kill -9 in the middle make nobody twice and lose nobody', async () => {
      await org.api.post(`${provision()}/pause`);
      const people = [];
      for (let n = 0; n < MANY; n += 1) {
        people.push(await org.user(`p${n}@there.example`, { password: null, firstname: `P${n}`, lastname: 'Many' }));
        await org.join(group, people[n]);
      }
      proxy.failEvery = 9;
      await org.api.post(`${provision()}/resume`);
      await wait(async () => (await there('Users')).length > MANY / 4, 'the first accounts');
      await muster.kill();
      proxy.away = true;
      await muster.start();
      await wait(async () => (await org.api.get(`${provision()}/status`)).counts.failing > 0, 'the outage to be seen');
      proxy.away = false;
      await inStep();
      proxy.failEvery = 0;
      const names = (await there('Users')).map((u) => u.userName).sort();
      assert.deepEqual(names, ['ana', ...people.map((p) => p.username)].sort());
      const [sales] = await there('Groups');
      assert.equal(sales.members.length, MANY + 1);
      assert.equal(new Set(sales.members.map((m) => m.value)).size, MANY + 1);
      const drift = await org.api.post(`${provision()}/drift`);
      assert.deepEqual(drift.items, []);
    });

    test('the users of the application come here', async () => {
      const body = {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: 'wanda',
        name: { givenName: 'Wanda', familyName: 'Wood' },
        emails: [{ value: 'wanda@there.example', type: 'work', primary: true }],
        active: true,
      };
      const headers = { authorization: `Bearer ${receiver.token}`, 'content-type': 'application/scim+json' };
      const made = await fetch(`${receiver.baseUrl}/Users`, { method: 'POST', headers, body: JSON.stringify(body) });
      assert.equal(made.status, 201);
      const listed = await org.api.get(`/api/v2/applications/${app.id}/import/users?filter=wanda`);
      assert.deepEqual([listed.total_count, listed.users[0].firstname], [1, 'Wanda']);
      const order = { operations: ['users.create'], queryString: 'wanda' };
      const { jobId } = await org.api.post(`/api/v2/applications/${app.id}/import/jobs`, order);
      const results = `/api/v2/applications/import/${jobId}/detailedresults`;
      const job = await wait(async () => {
        const seen = await org.api.get(results);
        return seen.status === 'RUNNING' ? null : seen;
      }, 'the import');
      assert.deepEqual(job.results.map((r) => r.status), ['CREATED'], JSON.stringify(job));
      const { read, total, handled } = job.progress;
      assert.ok(read > 0 && total === read && handled === read, JSON.stringify(job));
      const found = await org.api.get('/api/systemusers?filter=username:$eq:wanda');
      assert.equal(found.results[0].email, 'wanda@there.example');
    });
  });
}
