// npm scimmy behind scimmy-routers, with people in memory and found by name in a map. Usage: scim.mjs PORT TOKEN
import { randomUUID } from 'node:crypto';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

const [port, token] = process.argv.slice(2);
const kept = new Map();
const names = new Map();

SCIMMY.Resources.declare(SCIMMY.Resources.User, {
  ingress(resource, data) {
    const id = resource.id ?? randomUUID();
    const name = data.userName.toLowerCase();
    if (names.has(name) && names.get(name) !== id) throw new SCIMMY.Types.Error(409, 'uniqueness', 'it is taken');
    names.set(name, id);
    kept.set(id, { ...JSON.parse(JSON.stringify(data)), id });
    return kept.get(id);
  },
  egress(resource) {
    if (resource.id) {
      if (!kept.has(resource.id)) throw new SCIMMY.Types.Error(404, null, 'nobody');
      return kept.get(resource.id);
    }
    return resource.filter ? resource.filter.match([...kept.values()]) : [...kept.values()];
  },
  degress(resource) {
    kept.delete(resource.id);
  },
});
const handler = (request) => {
  if (request.header('authorization') !== `Bearer ${token}`) throw new Error('who are you?');
  return 'bench';
};
express().use('/scim', new SCIMMYRouters({ type: 'bearer', handler })).listen(Number(port), '127.0.0.1');
