// Seed 001, the panel's story: people sign in with Okta, Google or Entra ID, set up by a name, a URL, a client ID and a
// client secret; the portal and an application are opened through each; a person who is not on the other side gets a
// page that says so. The providers are stand-ins of ours with the shapes of the real ones (standin.ts).
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import type { Muster, Organization } from "./harness/muster.ts";
import { Person } from "./harness/person.ts";
import { RelyingParty } from "./harness/relyingParty.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";
import { type Shape, StandIn } from "./standin.ts";

const PASSWORD = "the other side's password";
const HERE = "seven copper kettles sing";
const APPLICATION = "Ledger";

const providers: { shape: Shape; type: string; name: string }[] = [
  { shape: "okta", type: "Okta", name: "Acme Okta" },
  { shape: "google", type: "Google", name: "Acme Google" },
  { shape: "entra", type: "Microsoft Entra ID", name: "Acme Entra" },
];

for (const { shape, type, name } of providers) {
  test(`seed 001 with ${name}`, async ({ browser, page, muster }) => {
    const org = await organization(muster, "Acme");
    const domain = `${org.slug}.example`;
    const [ana, ben, kim, lea] = ["ana", "ben", "kim", "lea"].map((one) => `${one}@${domain}`) as [string, string, string, string];
    // Ana is on both sides; Ben only here; Kim only there; Lea is here and not routed.
    const standIn = await StandIn.start(shape, [
      { email: ana, password: PASSWORD, name: "Ana Okafor" },
      { email: kim, password: PASSWORD, name: "Kim Sato" },
    ]);
    const app = await application(muster, org);
    for (const email of [ana, ben]) await must(muster, org, "POST", "/api/systemusers", { username: email.split("@")[0], email });
    await must(muster, org, "POST", "/api/systemusers", { username: "lea", email: lea, password: HERE });

    const console = new Console(page, muster, org);
    await test.step("set up by name, URL, client ID and client secret", async () => {
      await console.open();
      await console.addStaticGroup("Federated", [ana, ben]);
      await console.go("DIRECTORY INTEGRATIONS", "Identity Providers");
      await console.button("Add Identity Provider").first().click();
      await console.field("Name").fill(name);
      await console.choose("Type", type);
      await console.field("URL").fill(standIn.issuer);
      await console.field("Client ID").fill(standIn.clientId);
      await expect(page.getByText(`Its issuer is ${standIn.issuer}.`)).toBeVisible();
      await console.field("Client Secret").fill(standIn.clientSecret);
      // None of the three names itself in its answer, so the address to register is the provider's own.
      const redirectUri = (await page.getByRole("group", { name: "Redirect URI" }).textContent()) ?? "";
      expect(redirectUri).toMatch(new RegExp(`^${muster.url}/oauth/callback/[0-9a-f]{24}$`));
      standIn.redirectUris.push(redirectUri);
      await console.saved(console.button("Save"));
      await expect(console.heading(name)).toBeVisible();
      await expect(page.getByRole("group", { name: "Redirect URI" })).toHaveText(redirectUri);
    });

    await test.step("routing policy", async () => {
      await console.button("+ Routing Policy").click();
      await page.getByLabel("Policy Name").fill(`People of ${name}`);
      await console.field("User Groups").first().click();
      await page.getByRole("option", { name: "Federated" }).click();
      await page.keyboard.press("Escape");
      await console.button("Create").click();
      await expect(page.getByText("Routing policy created")).toBeVisible();
    });

    const people = await browser.newContext({ baseURL: muster.url });
    const person = new Person(await people.newPage(), muster);
    const there = {
      shown: () => expect(person.heading(standIn.title)).toBeVisible(),
      signIn: async (email: string) => {
        await person.page.getByLabel("Account").fill(email);
        await person.password.fill(PASSWORD);
        await person.button("Sign in").click();
      },
    };
    await test.step("the portal opened through it", async () => {
      await person.begin(ana);
      await there.shown();
      await expect(person.page.getByLabel("Account")).toHaveValue(ana);
      await there.signIn(ana);
      await person.expectPortal(org, ana);
      await person.logOut();
    });

    await test.step("an application opened through it", async () => {
      await person.page.goto(app.loginUrl);
      await person.enterEmail(ana);
      await there.shown();
      await there.signIn(ana);
      await expect(person.heading(`${APPLICATION} dashboard`)).toBeVisible();
      await expect(person.page.getByRole("cell", { name: ana, exact: true })).toBeVisible();
      await person.logOut();
    });

    await test.step("somebody else's account there is not this person", async () => {
      await person.begin(ben);
      await there.shown();
      await there.signIn(kim);
      await expect(person.heading(`You could not be signed in with ${name}`)).toBeVisible();
      await expect(person.page.getByRole("main")).toContainText(/ask an administrator/);
      await person.page.goto(`/portal/${org.slug}/`);
      await expect(person.email).toBeVisible();
    });

    await test.step("a person who is not on the other side", async () => {
      await person.begin(ben);
      await there.shown();
      await there.signIn(ben);
      await expect(person.page.getByRole("alert")).toContainText("No such account");
      await person.button("Refuse").click();
      await expect(person.heading(`You could not be signed in with ${name}`)).toBeVisible();
      await expect(person.page.getByRole("main")).toContainText("refused the sign-in");
      await expect(person.page.getByRole("main")).toContainText(/ask an administrator/);
    });

    await test.step("a person who is not routed signs in here", async () => {
      await person.signInHere(org, lea, HERE);
    });

    await test.step("the administrator sees why", async () => {
      await console.openUser(ana);
      await console.tab("Activity").click();
      const signIn = page.getByRole("row").filter({ hasText: `Signed in with "${name}"` }).first();
      await signIn.getByRole("button", { name: /^Why/ }).click();
      await expect(page.getByRole("dialog").getByText(`People of ${name}`)).toBeVisible();
    });
    await people.close();
    await Promise.all([app.stop(), standIn.stop()]);
  });
}

/** An application of the organization that everybody may open. */
async function application(muster: Muster, org: Organization): Promise<RelyingParty> {
  const app = await RelyingParty.start(APPLICATION);
  const body = { name: "oidc", displayLabel: APPLICATION, active: true, sso: { type: "oidc", hidden: false } };
  const { _id: id } = await must<{ _id: string }>(muster, org, "POST", "/api/applications", body);
  const sso = { type: "oidc", oidc: { redirectUris: [app.redirectUri], relyingPartyUrl: app.loginUrl } };
  const made = await must<{ oidc: { clientId: string; clientSecret: string } }>(muster, org, "POST", `/api/v2/applications/${id}/sso`, sso);
  const groups = await must<{ id: string; name: string }[]>(muster, org, "GET", "/api/v2/usergroups");
  const everybody = groups.find((one) => one.name === "All Users")?.id;
  await must(muster, org, "POST", `/api/v2/applications/${id}/associations`, { op: "add", type: "user_group", id: everybody });
  await app.connect(org.issuer, made.oidc.clientId, made.oidc.clientSecret);
  return app;
}
