// Muster with an organization that federates with stand-ins.
import { startMuster } from '../../harness.mjs';
import { routed } from '../federation.mjs';
import { StandIn } from '../standin.mjs';

export async function standInWorld(organization, options) {
  const muster = await startMuster(options);
  const org = await muster.organization(organization);
  const standIns = [];
  let people = 0;
  return {
    muster,
    org,
    /** A provider of ours at a new stand-in (`ill` from the start, perhaps), with people who are sent there. */
    async provider(name, { type = 'OIDC', standIn: shape = {}, ill = {}, ...rest } = {}) {
      const standIn = await StandIn.start(shape);
      standIns.push(standIn);
      standIn.ill = ill;
      const provider = await org.identityProvider(name, { url: standIn.url, type, ...rest });
      const route = await routed(org, provider);
      return { standIn, provider, ...route };
    },
    /** An e-mail that nobody has had yet. */
    email(domain = 'corp.example') {
      people += 1;
      return `person${people}@${domain}`;
    },
    async stop() {
      await Promise.all(standIns.map((standIn) => standIn.stop()));
      await muster.stop();
    },
  };
}
