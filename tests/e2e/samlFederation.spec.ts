// One organization signs its people in at another over SAML: a Custom SAML App there is the identity provider here. Both
// sides are set up from the other's metadata.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { APPLICATION_TITLE, Person } from "./harness/person.ts";
import { pair } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const PASSWORD = "seven copper kettles sing";
const NAME = "Primary over SAML";

test("another organization as the SAML identity provider", async ({ browser, page, muster }) => {
  const { primary, secondary } = await pair(muster, "two separate organizations");
  const [ana, olga] = [`ana@${primary.slug}.example`, `olga@${primary.slug}.example`];
  const there = <Body>(method: string, path: string, body: unknown) => must<Body>(muster, primary, method, path, body);
  const group = await there<{ id: string }>("POST", "/api/v2/usergroups", { name: "Partners" });
  for (const email of [ana, olga]) {
    const username = email.split("@")[0];
    const user = await there<{ _id: string }>("POST", "/api/systemusers", { username, email, password: PASSWORD });
    const joins = { op: "add", type: "user", id: user._id };
    if (email === ana) await there("POST", `/api/v2/usergroups/${group.id}/members`, joins);
    await must(muster, secondary, "POST", "/api/systemusers", { username, email });
  }
  const app = await there<{ _id: string }>("POST", "/api/applications", { name: "saml2", displayLabel: "Secondary", active: true });
  await there("POST", `/api/v2/applications/${app._id}/associations`, { op: "add", type: "user_group", id: group.id });
  const metadata = `${primary.issuer}/saml/${app._id}/metadata`;

  const console = new Console(page, muster, secondary);
  await test.step("set up here from the metadata there", async () => {
    await console.open();
    await console.addStaticGroup("Federated", [ana, olga]);
    await console.go("DIRECTORY INTEGRATIONS", "Identity Providers");
    await console.button("Add Identity Provider").first().click();
    await console.field("Name").fill(NAME);
    await console.choose("Type", "SAML 2.0");
    await console.field("Metadata URL").fill(metadata);
    await console.button("Read").click();
    await expect(page.getByText(/^Read\. The provider is /)).toBeVisible();
    await expect(console.field("IdP Entity ID")).toHaveValue(metadata);
    await expect(console.field("IdP Certificates")).toHaveValue(/BEGIN CERTIFICATE/);
    const acsUrl = (await page.getByRole("group", { name: "ACS URL" }).textContent()) ?? "";
    await console.saved(console.button("Save"));
    await expect(console.heading(NAME)).toBeVisible();
    await expect(page.getByRole("group", { name: "ACS URL" })).toHaveText(acsUrl);
    await console.button("+ Routing Policy").click();
    await page.getByLabel("Policy Name").fill("Partners");
    await console.field("User Groups").first().click();
    await page.getByRole("option", { name: "Federated" }).click();
    await page.keyboard.press("Escape");
    await console.button("Create").click();
    await expect(page.getByText("Routing policy created")).toBeVisible();
  });

  await test.step("and there from the metadata here", async () => {
    const ours = (await page.getByRole("group", { name: "SP Metadata URL" }).textContent()) ?? "";
    const xml = await (await fetch(ours)).text();
    const read = (pattern: RegExp) => pattern.exec(xml)?.[1];
    await there("PUT", `/api/v2/applications/${app._id}/saml`, {
      spEntityId: read(/entityID="([^"]+)"/),
      acs: [{ url: read(/<md:AssertionConsumerService[^>]*Location="([^"]+)"/), index: 0, isDefault: true }],
      spCertificates: [read(/<ds:X509Certificate>([^<]+)</)],
      requireSignedRequests: true,
    });
  });

  const people = await browser.newContext({ baseURL: muster.url });
  const person = new Person(await people.newPage(), muster);
  await test.step("the portal opened through it", async () => {
    await person.begin(ana, `/o/${secondary.slug}/login`);
    await signInThere(person, ana);
    await person.expectPortal(secondary, ana);
  });

  await test.step("whom the application there does not know is told so", async () => {
    const others = await browser.newContext({ baseURL: muster.url });
    const outsider = new Person(await others.newPage(), muster);
    await outsider.begin(olga, `/o/${secondary.slug}/login`);
    await signInThere(outsider, olga);
    await expect(outsider.heading("You do not have access to Secondary")).toBeVisible();
    await others.close();
  });
  await people.close();
});

async function signInThere(person: Person, email: string): Promise<void> {
  await expect(person.heading(APPLICATION_TITLE)).toBeVisible();
  await person.enterEmail(email);
  await person.password.fill(PASSWORD);
  await person.button("SSO Login").click();
}
