// Seed 004, first half: a Custom SAML App in the console, a service provider written with npm node-saml, its outcome lines
// 1 to 5; and a service provider that is opened first by a person who is routed to another provider.
import type { Page } from "@playwright/test";
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { Person } from "./harness/person.ts";
import { ServiceProvider } from "./harness/serviceProvider.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";
import { StandIn } from "./standin.ts";

const PASSWORD = "seven copper kettles sing";
const LABEL = "Muster - SSO App";
const ENTITY = "urn:profit-prod:profit-prod-sso-auth";
const EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const GROUP = "OKR Users";
/** A red dot as PNG. */
const LOGO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==",
  "base64",
);

test("seed 004, single sign-on", async ({ browser, page, muster }) => {
  const org = await organization(muster, "Acme");
  const [ana, olga] = [`ana@${org.slug}.example`, `olga@${org.slug}.example`];
  const console = new Console(page, muster, org);
  const sp = await ServiceProvider.start("Profit", ENTITY);
  await test.step("what is there before: people and a group", async () => {
    await console.open();
    for (const email of [ana, olga]) {
      const username = email.split("@")[0];
      await must(muster, org, "POST", "/api/systemusers", { username, email, password: PASSWORD });
    }
    await console.addStaticGroup(GROUP, [ana]);
  });

  await test.step("1. General Info and logo saved", async () => {
    await console.go("USER AUTHENTICATION", "SSO Applications");
    await console.button("Get Started").click();
    await console.button("Custom SAML App").click();
    await console.field("Display Label").fill(LABEL);
    await console.field("Description").fill("OKR software");
    await page.getByLabel("Logo file").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: LOGO });
    await expect(page.getByRole("button", { name: "Change" })).toBeVisible();
    await console.button("Save Application").click();
    await expect(console.heading(LABEL)).toBeVisible();
    await console.tab("General Info").click();
    await page.reload();
    await expect(console.field("Display Label")).toHaveValue(LABEL);
    await expect(console.field("Description")).toHaveValue("OKR software");
    await expect(page.getByRole("group", { name: "Logo" }).locator("img")).toHaveAttribute("src", /\/logos\//);
  });

  const entityId = "muster";
  await test.step("2. SSO values persist; activate", async () => {
    await console.tab("SSO").click();
    await console.field("IdP Entity ID").fill(entityId);
    await console.field("SP Entity ID").fill(ENTITY);
    await page.getByRole("textbox", { name: "ACS URL" }).fill(sp.acsUrl);
    await expect(console.field("SAML Subject NameID").first()).toHaveValue("email");
    await console.choose("SAML Subject NameID Format", EMAIL_FORMAT);
    await expect(console.field("Signature Algorithm").first()).toHaveValue("RSA-SHA256");
    await expect(page.getByRole("checkbox", { name: "Sign Assertion" })).toBeChecked();
    await expect(page.getByRole("checkbox", { name: "Sign Response" })).not.toBeChecked();
    await console.field("Service Provider Attribute Name").fill("username");
    await console.field("Muster Attribute Name").click();
    await page.getByRole("option", { name: /^email/ }).click();
    await console.tab("User Groups").click();
    await page.getByRole("checkbox", { name: GROUP }).check();
    await console.button("activate").click();
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("checkbox", { name: GROUP })).toBeChecked();
    await console.tab("SSO").click();
    await expect(console.field("IdP Entity ID")).toHaveValue(entityId);
    await expect(console.field("SP Entity ID")).toHaveValue(ENTITY);
    await expect(page.getByRole("textbox", { name: "ACS URL" })).toHaveValue(sp.acsUrl);
    await expect(console.field("SAML Subject NameID Format").first()).toHaveValue(EMAIL_FORMAT);
    await expect(console.field("Service Provider Attribute Name").first()).toHaveValue("username");
    await expect(console.field("Muster Attribute Name").first()).toHaveValue("email");
  });

  let certificate = "";
  await test.step("3. Metadata's entityID and certificate equal those used", async () => {
    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export Metadata" }).click();
    const metadata = await text(await (await downloading).createReadStream());
    expect(/entityID="([^"]+)"/.exec(metadata)?.[1]).toBe(entityId);
    certificate = /<ds:X509Certificate>([^<]+)</.exec(metadata)?.[1] ?? "";
    const ssoUrl = (await page.getByRole("group", { name: "IDP URL" }).textContent()) ?? "";
    expect(metadata).toContain(`Location="${ssoUrl}"`);
    const settings = await browser.newPage();
    await settings.goto(sp.url);
    await settings.getByLabel("Entity Id").fill(entityId);
    await settings.getByLabel("Sign-in URL").fill(ssoUrl);
    await settings.getByLabel("X509 Certificate").fill(certificate);
    await settings.getByRole("button", { name: "Register" }).click();
    await expect(settings.getByRole("heading", { name: "Profit is registered" })).toBeVisible();
    await settings.close();
  });

  const people = await browser.newContext({ baseURL: muster.url });
  const person = new Person(await people.newPage(), muster);
  const others = await browser.newContext({ baseURL: muster.url });
  const outsider = new Person(await others.newPage(), muster);
  await test.step("4. Tile visible to members only", async () => {
    await person.signInHere(org, ana, PASSWORD);
    await expect(person.page.getByRole("link", { name: LABEL })).toBeVisible();
    await outsider.signInHere(org, olga, PASSWORD);
    await expect(outsider.page.getByRole("link", { name: LABEL })).toHaveCount(0);
    await outsider.page.goto(sp.loginUrl);
    await expect(outsider.heading(`You do not have access to ${LABEL}`)).toBeVisible();
    expect(sp.accepted).toHaveLength(0);
  });

  await test.step("5. Tile to SP session: audience, name, signature, attribute", async () => {
    const tile = person.page.getByRole("link", { name: LABEL });
    await tile.evaluate((link) => link.removeAttribute("target"));
    await tile.click();
    await expect(person.heading("Profit dashboard")).toBeVisible();
    await expect(fact(person.page, "nameID")).toHaveText(ana);
    await expect(fact(person.page, "nameIDFormat")).toHaveText(EMAIL_FORMAT);
    await expect(fact(person.page, "username")).toHaveText(ana);
    const xml = sp.accepted.at(-1)?.xml ?? "";
    expect(xml).toContain(`Audience>${ENTITY}<`);
    expect(xml).toContain('SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"');
    // Only the assertion is signed: the one signature stands inside it.
    expect(xml.match(/<ds:Signature[ >]/g)).toHaveLength(1);
    expect(xml.indexOf("<ds:Signature")).toBeGreaterThan(xml.indexOf(":Assertion "));
    expect(xml).toContain(certificate);
  });

  await test.step("opened at the application", async () => {
    await person.page.goto(sp.loginUrl);
    await expect(person.heading("Profit dashboard")).toBeVisible();
    expect(sp.accepted.at(-1)?.relayState).toBe("/dashboard");
  });

  await test.step("the administrator sees each check", async () => {
    await page.bringToFront();
    await console.tab("Activity").click();
    await page.getByRole("button", { name: `Why: Signed in to ${LABEL}` }).first().click();
    const why = page.getByRole("dialog");
    await expect(why.getByText("Its Issuer is the SP Entity ID")).toBeVisible();
    await expect(why.getByText(sp.acsUrl)).toBeVisible();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: `Why: Refused: may not use ${LABEL}` }).first().click();
    await expect(why.getByLabel("Stopped here").first()).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("the Test tab: messages decoded, and a request replayed for a person", async () => {
    const taken = sp.accepted.length;
    await fetch(`${muster.url}/o/${org.slug}/saml/${page.url().split("/").at(-1)?.split("?")[0]}/sso?SAMLRequest=nonsense`);
    await console.tab("Test").click();
    const shown = page.getByRole("dialog");
    const messages = page.getByRole("table", { name: "SAML messages" });
    await messages.getByRole("button", { name: /^Show: Refused a request/ }).first().click();
    await expect(shown.getByText("SAMLRequest=nonsense")).toBeVisible();
    await expect(shown.getByLabel("Stopped here")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await messages.getByRole("button", { name: `Show: Signed in to ${LABEL}` }).first().click();
    const request = shown.getByRole("region", { name: "AuthnRequest" });
    await expect(request.getByText("HTTP-Redirect")).toBeVisible();
    await expect(request.getByText("/dashboard", { exact: true })).toBeVisible();
    await expect(request.locator("pre")).toContainText(`>${ENTITY}</`);
    const answer = shown.getByRole("region", { name: "Response", exact: true });
    await expect(answer.locator("pre")).toContainText(`>${ana}</`);
    await expect(answer.locator("pre")).not.toContainText("SignatureValue");
    await shown.getByRole("button", { name: "Replay for a person" }).click();
    for (const [who, claims, stopped] of [[ana, 1, 0], [olga, 0, 1]] as const) {
      await page.getByLabel("Person", { exact: true }).fill(who);
      await page.getByRole("option", { name: new RegExp(who) }).click();
      await page.getByRole("button", { name: "Replay request" }).click();
      await expect(shown.getByText("Its ACS URL is registered")).toBeVisible();
      await expect(shown.getByText("WHAT ARRIVED")).toHaveCount(claims);
      await expect(shown.getByLabel("Stopped here")).toHaveCount(stopped);
      if (claims === 1) {
        await expect(shown.getByText("Test SP: the Audience is its entity ID")).toBeVisible();
        await expect(shown.getByText("test-service-provider.invalid").first()).toBeVisible();
      }
      await page.keyboard.press("Escape");
    }
    expect(sp.accepted).toHaveLength(taken);
  });
  await people.close();
  await others.close();
  await sp.stop();
});

test("a service provider opened first by a person who is routed to another provider", async ({ browser, muster }) => {
  const org = await organization(muster, "Acme");
  const ana = `ana@${org.slug}.example`;
  const standIn = await StandIn.start("okta", [{ email: ana, password: PASSWORD, name: "Ana Okafor" }]);
  const sp = await ServiceProvider.start("Profit", ENTITY);
  const at = <Body>(path: string, body: unknown) => must<Body>(muster, org, "POST", path, body);
  await at("/api/systemusers", { username: "ana", email: ana });
  const group = await at<{ id: string }>("/api/v2/usergroups", { name: GROUP });
  const oidc = { clientId: standIn.clientId, clientSecret: standIn.clientSecret, url: standIn.issuer };
  const provider = await at<{ id: string }>("/api/v2/identity-providers", { name: "Okta", type: "OKTA", oidc });
  standIn.redirectUris.push(`${muster.url}/oauth/callback/${provider.id}`, `${muster.url}/oauth/callback`);
  const users = await must<{ results: { _id: string }[] }>(muster, org, "GET", "/api/systemusers");
  for (const { _id } of users.results) await at(`/api/v2/usergroups/${group.id}/members`, { op: "add", type: "user", id: _id });
  const policy = { name: "Okta", enabled: true, identityProviderId: provider.id, userGroups: [group.id], users: [] };
  await at("/api/v2/identity-provider/policies", policy);
  const app = await at<{ _id: string }>("/api/applications", { name: "saml2", displayLabel: LABEL, active: true });
  const shown = await must<{ entityId: string; ssoUrl: string; metadataUrl: string }>(
    muster, org, "PUT", `/api/v2/applications/${app._id}/saml`,
    { spEntityId: ENTITY, acs: [{ url: sp.acsUrl }], nameIdFormat: EMAIL_FORMAT, userAttributes: [{ name: "username", value: "email" }] },
  );
  await at(`/api/v2/applications/${app._id}/associations`, { op: "add", type: "user_group", id: group.id });
  const metadata = await (await fetch(shown.metadataUrl)).text();
  const certificate = /<ds:X509Certificate>([^<]+)</.exec(metadata)?.[1] ?? "";
  sp.connect({ entityId: shown.entityId, ssoUrl: shown.ssoUrl, certificate });

  const context = await browser.newContext({ baseURL: muster.url });
  const person = new Person(await context.newPage(), muster);
  await person.page.goto(sp.loginUrl);
  await person.enterEmail(ana);
  await expect(person.heading(standIn.title)).toBeVisible();
  await person.page.getByLabel("Account").fill(ana);
  await person.password.fill(PASSWORD);
  await person.button("Sign in").click();
  await expect(person.heading("Profit dashboard")).toBeVisible();
  await expect(fact(person.page, "nameID")).toHaveText(ana);
  // Muster does not say that a password was used where it does not know.
  expect(sp.accepted.at(-1)?.xml).toContain("urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified");
  await context.close();
  await sp.stop();
  await standIn.stop();
});

function fact(page: Page, name: string) {
  const facts = page.getByRole("table", { name: "Person" });
  return facts.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) }).getByRole("cell");
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
