// One organization with a group and somebody in it: who signs in to the applications of a test.
import type { Browser } from "@playwright/test";
import { must } from "./api.ts";
import type { Muster, Organization } from "./muster.ts";
import { Person } from "./person.ts";
import { organization } from "./tenancy.ts";

export const PASSWORD = "seven copper kettles sing";

export interface Team {
  org: Organization;
  group: string;
  ana: { id: string; email: string };
}

export async function team(muster: Muster): Promise<Team> {
  const org = await organization(muster, "Acme");
  const email = `ana@${org.slug}.example`;
  const body = { username: "ana", email, password: PASSWORD, firstname: "Ana", lastname: "Okafor", department: "Engineering" };
  const ana = await must<{ _id: string }>(muster, org, "POST", "/api/systemusers", body);
  const group = await must<{ id: string }>(muster, org, "POST", "/api/v2/usergroups", { name: "Everybody" });
  await must(muster, org, "POST", `/api/v2/usergroups/${group.id}/members`, { op: "add", type: "user", id: ana._id });
  return { org, group: group.id, ana: { id: ana._id, email } };
}

/** Ana in a browser of her own, signed in to her portal. */
export async function signedIn(browser: Browser, muster: Muster, { org, ana }: Team, options: { javaScriptEnabled?: boolean } = {}): Promise<Person> {
  const context = await browser.newContext({ baseURL: muster.url, ...options });
  const person = new Person(await context.newPage(), muster);
  await person.page.goto(`/o/${org.slug}/login`);
  await person.enterEmail(ana.email);
  await person.password.fill(PASSWORD);
  await person.button("User Login").click();
  await person.page.waitForURL(`**/portal/${org.slug}/`);
  return person;
}
