// Two organizations of one provider with people, groups, applications, a federation and some history, made through the
// public API: what the pages are looked at with.
import type { Browser, BrowserContext } from "@playwright/test";
import { must } from "./api.ts";
import { DEVICE_GRANT, makeApplication } from "./application.ts";
import { Console } from "./console.ts";
import type { Muster, Organization } from "./muster.ts";
import { MetadataServer } from "./metadataServer.ts";
import { Person } from "./person.ts";
import { ScimReceiver } from "./scimReceiver.ts";
import { PASSWORD } from "./team.ts";
import { pair } from "./tenancy.ts";

export interface World {
  muster: Muster;
  primary: Organization;
  secondary: Organization;
  /** Signed in to the console. */
  administrator: BrowserContext;
  /** Ana, signed in to the Primary's portal. */
  person: BrowserContext;
  /** Nobody. */
  stranger: BrowserContext;
  metadata: MetadataServer;
  receiver: ScimReceiver;
  ids: Record<"ana" | "dynamicGroup" | "reviewedGroup" | "staticGroup" | "wiki" | "okr" | "changed" | "draft" | "partner" | "federating" | "provider" | "policy" | "device" | "accounts" | "fresh" | "directory" | "fed", string>;
  emails: Record<"ana" | "ben" | "routed" | "everywhere", string>;
}

type Id = { id: string };
type OldId = { _id: string };

export async function buildWorld(muster: Muster, browser: Browser): Promise<World> {
  const { primary, secondary } = await pair(muster, "two organizations of one provider");
  const at = (org: Organization) => <Body>(method: string, path: string, body?: unknown) =>
    must<Body>(muster, org, method, path, body);
  const [here, there] = [at(primary), at(secondary)];
  const domain = `${primary.slug}.example`;
  const emails = {
    ana: `ana.okafor@${domain}`,
    ben: `ben@${domain}`,
    routed: `ana.okafor+secondary@${domain}`,
    everywhere: `yusuf@${domain}`,
  };
  const attributes = [{ name: "SecondaryEmail", value: emails.routed }];
  const phoneNumbers = [{ type: "work", number: "+234 1 555 0100" }, { type: "mobile", number: "+234 803 555 0199" }];
  const addresses = [{ type: "work", streetAddress: "12 Marina", extendedAddress: "Floor 4", locality: "Lagos", region: "Lagos State", postalCode: "101241", country: "Nigeria" }];
  const person = { firstname: "Ana", lastname: "Okafor", department: "Engineering", jobTitle: "Site reliability engineer", location: "Lagos" };
  const ana = await here<OldId>("POST", "/api/systemusers", { username: "ana", email: emails.ana, password: PASSWORD, attributes, phoneNumbers, addresses, ...person });
  for (const [index, name] of ["ben", "chidi", "dora", "emil", "farah", "gustavo-alejandro-de-la-vega-y-montoya"].entries()) {
    const department = ["Engineering", "Finance", "Sales"][index % 3];
    const made = await here<OldId>("POST", "/api/systemusers", { username: name, email: `${name}@${domain}`, department });
    if (index === 2) await here("POST", `/api/systemusers/${made._id}/state/suspend`, {});
  }
  const lead = await here<OldId>("POST", "/api/systemusers", { username: "bola", email: `bola@${domain}`, firstname: "Bola", lastname: "Sesay" });
  await here("PUT", `/api/systemusers/${ana._id}`, { manager: lead._id });
  const leaves = `${new Date().getFullYear() + 1}-03-31T16:00:00Z`;
  await here("POST", "/api/v2/bulk/userstates", { user_ids: [lead._id], state: "SUSPENDED", start_date: leaves });
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBA7ZAEpPacRoubyZl7dFBZbqXIoDaTIiMF/4lLTFJaj ana@laptop";
  await here("POST", `/api/systemusers/${ana._id}/sshkeys`, { name: "Laptop", public_key: key });
  for (const call of [here, there]) await call("POST", "/api/systemusers", { username: "yusuf", email: emails.everywhere, password: PASSWORD });
  const memberQuery = { filters: [{ field: "department", operation: "equals", value: "Engineering" }] };
  const dynamicGroup = await here<Id>("POST", "/api/v2/usergroups", { name: "Engineering", membershipMethod: "DYNAMIC_AUTOMATED", memberQuery, description: "Everybody who builds" });
  const review = { membershipMethod: "DYNAMIC_REVIEW_REQUIRED", memberQuery: { filters: [{ field: "department", operation: "in", value: ["Sales", "Finance"] }] } };
  const reviewedGroup = await here<Id>("POST", "/api/v2/usergroups", { name: "Commercial", ...review });
  const staticGroup = await here<Id>("POST", "/api/v2/usergroups", { name: "On call" });
  await here("POST", `/api/v2/usergroups/${staticGroup.id}/members`, { op: "add", type: "user", id: ana._id });

  const device = await devices(here, ana._id, lead._id);

  await here("POST", "/api/v2/service-accounts", { name: "Nightly report", roleName: "Read Only", lifetime: "7 Days" });
  await here("POST", "/api/v2/service-accounts", { name: "Provisioning", roleName: "Administrator" });
  const clientRegistration = { mode: "token", userGroups: [staticGroup.id] };
  await here("PUT", `/api/organizations/${primary.id}`, { settings: { clientRegistration } });
  await here("POST", "/api/v2/registration-tokens", { description: "The build tool", uses: 3 });

  const application = (label: string, oidc: object, groups = [staticGroup.id]) =>
    makeApplication(muster, primary, { label, description: `${label} of the company`, oidc, groups });
  const wiki = await application("Wiki", {
    redirectUris: ["https://wiki.example/callback", "https://wiki.example/silent"],
    relyingPartyUrl: "https://wiki.example/",
    dynamicClaims: [{ name: "email", value: "email" }],
    constantClaims: [{ name: "tier", value: "gold" }],
    groupsClaim: { name: "groups", stringWhenOne: false },
  });
  const draft = await makeApplication(muster, primary, { label: "Expenses", description: "Not yet", active: false, groups: [] });
  const partner = await application("Partner CRM", {
    redirectUris: ["https://crm.example/callback"],
    frontchannelLogoutUri: "https://crm.example/signed-out",
    tokenEndpointAuthMethod: "none",
    grantTypes: ["authorization_code", "refresh_token", DEVICE_GRANT],
    dynamicClaims: [{ name: "department", value: "department" }],
    consent: "required",
  });
  const okr = await here<OldId>("POST", "/api/applications", { name: "saml2", displayLabel: "OKR software", active: true });
  await here("PUT", `/api/v2/applications/${okr._id}/saml`, {
    spEntityId: "urn:profit-prod:profit-prod-sso-auth",
    acs: [{ url: "https://okr.example/saml/acs", index: 0, isDefault: true }, { url: "https://eu.okr.example/saml/acs", index: 1 }],
    userAttributes: [{ name: "username", value: "email" }],
    groupsAttribute: { name: "memberOf" },
    logout: { url: "https://okr.example/saml/slo" },
  });
  await here("POST", `/api/v2/applications/${okr._id}/saml/certificates`, { signsAfterDays: 7 });
  await here("POST", `/api/v2/applications/${okr._id}/associations`, { op: "add", type: "user_group", id: staticGroup.id });
  await fetch(`${primary.issuer}/saml/${okr._id}/sso?SAMLRequest=nonsense`);
  await here("POST", `/api/v2/applications/${okr._id}/saml/test`, { userId: ana._id });
  const metadata = await MetadataServer.start();
  const changed = await here<OldId>("POST", "/api/applications", { name: "saml2", displayLabel: "Time sheets", active: true });
  const saml = `/api/v2/applications/${changed._id}/saml`;
  metadata.says("https://time.example/saml", "https://time.example/saml/acs");
  await here("POST", `${saml}/metadata`, { url: metadata.url });
  metadata.says("https://time.example/saml", "https://time.example/saml/acs", "https://eu.time.example/saml/acs");
  await here("POST", `${saml}/metadata/read`);
  metadata.says("https://time.example/saml");
  await here("POST", `${saml}/metadata/read`);
  const federating = await application("OIDC for Secondary Org", {
    redirectUris: [`${muster.url}/oauth/callback`],
    dynamicClaims: [{ name: "email", value: "SecondaryEmail" }],
  });

  const receiver = await ScimReceiver.start("a-token-of-the-world");
  const accounts = await provisioned(here, receiver, staticGroup.id);
  const fresh = await here<OldId>("POST", "/api/applications", { name: "scim", displayLabel: "Warehouse" });
  const { directory, fed } = await feeding(here);

  await there("POST", "/api/systemusers", { username: "ana", email: emails.routed, attributes });
  const federated = await there<Id>("POST", "/api/v2/usergroups", {
    name: "Federated Users to the Primary Org",
    membershipMethod: "DYNAMIC_AUTOMATED",
    memberQuery: { filters: [{ field: "email", operation: "ends_with", value: `+secondary@${domain}` }] },
  });
  const oidc = { clientId: federating.clientId, clientSecret: federating.clientSecret, url: primary.issuer };
  const provider = await there<Id>("POST", "/api/v2/identity-providers", { name: "Primary Org", type: "OIDC", oidc });
  const policy = await there<Id>("POST", "/api/v2/identity-provider/policies", {
    name: "Federated people",
    description: "Everybody with an account at the Primary",
    enabled: true,
    identityProviderId: provider.id,
    userGroups: [federated.id],
    users: [],
  });

  const options = { baseURL: muster.url };
  const contexts = await Promise.all([browser.newContext(options), browser.newContext(options), browser.newContext(options)]);
  const [administrator, signedIn, stranger] = contexts as [BrowserContext, BrowserContext, BrowserContext];
  const world: World = {
    muster,
    primary,
    secondary,
    administrator,
    person: signedIn,
    stranger,
    metadata,
    receiver,
    ids: {
      ana: ana._id,
      dynamicGroup: dynamicGroup.id,
      reviewedGroup: reviewedGroup.id,
      staticGroup: staticGroup.id,
      wiki: wiki.id,
      okr: okr._id,
      changed: changed._id,
      draft: draft.id,
      partner: partner.id,
      federating: federating.id,
      provider: provider.id,
      policy: policy.id,
      device,
      accounts,
      fresh: fresh._id,
      directory,
      fed,
    },
    emails,
  };
  await signInBoth(world);
  return world;
}

/** Some devices; the first is Ana's, who is on it with Bola. */
async function devices(ask: Ask, ana: string, lead: string): Promise<string> {
  const fde = (active: boolean) => ({ active, keyPresent: active });
  const rows = [
    { displayName: "Ana's MacBook Pro", hostname: "ana-mbp", serialNumber: "C02XK1ABJGH5", os: "Mac OS X", version: "15.1", arch: "arm64", hwVendor: "Apple Inc.", agentVersion: "2.14.1", remoteIP: "203.0.113.7", fde: fde(true), lastContact: new Date(Date.now() - 180_000).toISOString(), owner: ana, attributes: [{ name: "site", value: "Lagos" }] },
    { displayName: "web-1", serialNumber: "VMware-56 4d 8a 11 c2 9e 4f 01-a7 3b", os: "Ubuntu", version: "24.04", fde: fde(false), lastContact: new Date(Date.now() - 9_000_000).toISOString() },
    { displayName: "Reception of the northern building, second floor", os: "Windows", version: "11 Pro", serialNumber: "5CG1234XYZ", owner: lead },
    { displayName: "iPhone of Ana", os: "iOS", version: "18.1", fde: fde(true), owner: ana },
  ];
  const made = await ask<{ results: { id: string }[] }>("POST", "/api/v2/systems/import", rows);
  const device = made.results[0]?.id ?? "";
  const edge = (user: string, enabled: boolean) => ({ op: "add", type: "user", id: user, attributes: { sudo: { enabled, withoutPassword: false } } });
  for (const [user, sudo] of [[ana, true], [lead, false]] as const) await ask("POST", `/api/v2/systems/${device}/associations`, edge(user, sudo));
  return device;
}

type Ask = <Body>(method: string, path: string, body?: unknown) => Promise<Body>;

/** An application that gets accounts; one of them is refused there. */
async function provisioned(ask: Ask, receiver: ScimReceiver, group: string): Promise<string> {
  receiver.has({ userName: "nora", email: "nora@elsewhere.example", givenName: "Nora", familyName: "Lind", title: "Analyst" });
  const app = await ask<OldId>("POST", "/api/applications", { name: "scim", displayLabel: "Expense reports" });
  const path = `/api/v2/applications/${app._id}/provision`;
  const authentication = { type: "bearer", secret: receiver.token };
  await ask("PUT", path, { apiType: "SCIM", scimVersion: "2.0", baseUrl: receiver.baseUrl, authentication, manageGroups: false });
  await ask("POST", `/api/v2/applications/${app._id}/associations`, { op: "add", type: "user_group", id: group });
  await ask("POST", `${path}/activate`, {});
  await until(() => receiver.users.size > 1, "an account is sent");
  return app._id;
}

/** A directory that sent somebody and a group. */
async function feeding(ask: Ask): Promise<{ directory: string; fed: string }> {
  type Made = Id & { endpoint: string; token: string };
  const made = await ask<Made>("POST", "/api/v2/directoryproviders", { name: "JumpCloud", type: "jumpcloud" });
  await ask("POST", "/api/v2/directoryproviders", { name: "Okta", type: "okta" });
  const push = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${made.token}`, "content-type": "application/scim+json", "user-agent": "JumpCloud" };
    const answer = await fetch(`${made.endpoint}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Id;
  };
  const user = "urn:ietf:params:scim:schemas:core:2.0:User";
  const name = { givenName: "Ravi", familyName: "Menon" };
  const emails = [{ value: "ravi@elsewhere.example", type: "work", primary: true }];
  const phoneNumbers = [{ value: "+91 22 555 0100", type: "work" }];
  const person = await push("/Users", { schemas: [user], externalId: "5f2a0c3b9d1e8a7f6c4b3a29", userName: "ravi", name, emails, phoneNumbers, title: "Buyer", active: true });
  await push("/Groups", { schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"], displayName: "YourApp Users", members: [{ value: person.id }] });
  await ask("PUT", `/api/v2/directoryproviders/${made.id}`, { roleMappings: [{ group: "YourApp Admins", userGroup: await own(ask) }] });
  return { directory: made.id, fed: person.id };
}

/** A group that people are put into by hand. */
const own = async (ask: Ask) => (await ask<Id>("POST", "/api/v2/usergroups", { name: "Editors" })).id;

async function until(is: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!is()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function signInBoth({ administrator, person, muster, primary, emails }: World): Promise<void> {
  const page = await administrator.newPage();
  await new Console(page, muster, primary).open();
  await page.close();
  const ana = new Person(await person.newPage(), muster);
  // One refused sign-in for the Activity tab.
  await ana.begin(emails.ana, `/o/${primary.slug}/login`);
  await ana.password.fill("not this one");
  await ana.button("User Login").click();
  await ana.page.getByRole("alert").waitFor();
  await ana.signInHere(primary, emails.ana, PASSWORD);
  await ana.page.close();
}

export async function closeWorld(world: World): Promise<void> {
  await Promise.all([world.administrator.close(), world.person.close(), world.stranger.close(), world.metadata.stop(), world.receiver.stop()]);
}
