// npm scimmy-routers: people and groups in memory behind its express routers.
import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { freePort } from '../../harness.mjs';

const TOKEN = 'scimmy-token-of-the-tests';

function keep(type, name) {
  const kept = new Map();
  SCIMMY.Resources.declare(type, {
    ingress(resource, data) {
      const same = ([id, other]) => id !== resource.id && other[name].toLowerCase() === data[name].toLowerCase();
      if (name === 'userName' && [...kept].some(same)) throw new SCIMMY.Types.Error(409, 'uniqueness', 'it is taken');
      if (resource.id && !kept.has(resource.id)) throw new SCIMMY.Types.Error(404, null, 'nobody');
      const id = resource.id ?? randomUUID();
      kept.set(id, { ...JSON.parse(JSON.stringify(data)), id });
      return kept.get(id);
    },
    egress(resource) {
      if (!resource.id) return resource.filter ? resource.filter.match([...kept.values()]) : [...kept.values()];
      if (!kept.has(resource.id)) throw new SCIMMY.Types.Error(404, null, 'nobody');
      return kept.get(resource.id);
    },
    degress(resource) {
      if (!kept.delete(resource.id)) throw new SCIMMY.Types.Error(404, null, 'nobody');
    },
  });
}

export async function start() {
  SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser, false);
  keep(SCIMMY.Resources.User, 'userName');
  keep(SCIMMY.Resources.Group, 'displayName');
  const handler = (request) => {
    if (request.header('authorization') !== `Bearer ${TOKEN}`) throw new Error('who are you?');
    return 'muster';
  };
  const app = express().use('/scim', new SCIMMYRouters({ type: 'bearer', handler }));
  const port = await freePort();
  const server = await new Promise((resolve) => { const s = app.listen(port, '127.0.0.1', () => resolve(s)); });
  return { baseUrl: `http://127.0.0.1:${port}/scim`, token: TOKEN, stop: () => { server.closeAllConnections(); server.close(); } };
}
