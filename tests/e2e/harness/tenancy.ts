// Two organizations to federate, as the seed knows them: of one service provider (one administrator for both), or
// separate ones (an administrator each).
import { ADMIN_PASSWORD, type Administrator, type Muster, type Organization } from "./muster.ts";

export const tenancies = ["two organizations of one provider", "two separate organizations"] as const;
export type Tenancy = (typeof tenancies)[number];

let made = 0;

/** A word that no other test in this run has used. */
export function fresh(word: string): string {
  return `${word}-${process.pid.toString(36)}${(made++).toString(36)}`;
}

/** One organization of its own. */
export async function organization(muster: Muster, name: string): Promise<Organization> {
  const slug = fresh(name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"));
  const email = `admin@${slug}.example`;
  const done = await muster.setup({ org: name, slug, email });
  return { id: done.org_id, name, slug, issuer: done.issuer, admin: administrator(email, done.api_key) };
}

export async function pair(muster: Muster, tenancy: Tenancy): Promise<{ primary: Organization; secondary: Organization }> {
  if (tenancy === "two separate organizations") {
    return { primary: await organization(muster, "Primary"), secondary: await organization(muster, "Secondary") };
  }
  const email = `admin@${fresh("msp")}.example`;
  const [one, two] = [fresh("primary"), fresh("secondary")];
  const first = await muster.setup({ org: "Primary", slug: one, email, provider: fresh("Managed Services") });
  const second = await muster.setup({ org: "Secondary", slug: two, email });
  const admin = administrator(email, first.api_key);
  return {
    primary: { id: first.org_id, name: "Primary", slug: one, issuer: first.issuer, admin },
    secondary: { id: second.org_id, name: "Secondary", slug: two, issuer: second.issuer, admin },
  };
}

function administrator(email: string, apiKey: string | null): Administrator {
  if (!apiKey) throw new Error(`setup gave no API key for ${email}`);
  return { email, password: ADMIN_PASSWORD, apiKey };
}
