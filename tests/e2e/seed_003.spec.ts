// Seed 003, "Sign up for ConductorOne using Muster SSO": a Custom OIDC App in the console, an application written with
// npm openid-client that people sign up with; its outcome lines, then refresh and sign-out.
import type { Page } from "@playwright/test";
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { Person } from "./harness/person.ts";
import { RelyingParty } from "./harness/relyingParty.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const PASSWORD = "seven copper kettles sing";
const LABEL = "ConductorOne";
const GROUP = "Engineering";
const OTHERS = "Finance";
/** A red dot as PNG. */
const LOGO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==",
  "base64",
);

test("seed 003", async ({ browser, context, page, muster }) => {
  const org = await organization(muster, "Acme");
  const [ana, olga] = [`ana@${org.slug}.example`, `olga@${org.slug}.example`];
  const console = new Console(page, muster, org);
  const app = await RelyingParty.start(LABEL);
  await test.step("what is there before: people and groups", async () => {
    await console.open();
    for (const email of [ana, olga]) {
      const username = email.split("@")[0];
      await must(muster, org, "POST", "/api/systemusers", { username, email, password: PASSWORD });
    }
    await console.addStaticGroup(GROUP, [ana]);
    await console.addStaticGroup(OTHERS, [olga]);
  });

  // Step 1: the registration page stays open in its tab.
  const registration = await context.newPage();
  await registration.goto(app.url);
  await expect(registration.getByRole("heading", { name: `Setting up Muster to work with ${LABEL}` })).toBeVisible();

  await test.step("1. Custom OIDC App saved with logo", async () => {
    await page.bringToFront();
    await console.go("USER AUTHENTICATION", "SSO Applications");
    await console.button("Get Started").click();
    await console.button("Custom OIDC App").click();
    await console.field("Display Label").fill(LABEL);
    await page.getByLabel("Logo file").setInputFiles({ name: "logo.png", mimeType: "image/png", buffer: LOGO });
    await expect(page.getByRole("button", { name: "Change" })).toBeVisible();
    await console.button(/^save( application)?$/i).click();
    await expect(console.heading(LABEL)).toBeVisible();
    await expect(console.tab("SSO")).toHaveAttribute("aria-selected", "true");
    await console.tab("General Info").click();
    await page.reload();
    const logo = page.getByRole("group", { name: "Logo" }).locator("img");
    await expect(logo).toHaveAttribute("src", /\/logos\//);
    const served = await page.request.get((await logo.getAttribute("src")) ?? "");
    expect(served.headers()["content-type"]).toBe("image/png");
    expect((await served.body()).equals(LOGO)).toBe(true);
  });

  await test.step("2. Mapping and group survive activate", async () => {
    await console.tab("SSO").click();
    await console.field("Redirect URIs").fill(app.redirectUri);
    await expect(page.getByLabel("Client Authentication Type")).toHaveValue("Client Secret Post");
    await page.getByLabel("Login URL").fill(app.loginUrl);
    await console.field("Post-Logout URIs").fill(app.signedOutUri);
    await page.getByLabel("Refresh tokens").check();
    await console.field("Service Provider Attribute Name").fill("email");
    await console.field("Muster Attribute Name").click();
    await page.getByRole("option", { name: /^email/ }).click();
    await console.button("Add Attribute").click();
    await console.tab("User Groups").click();
    await page.getByRole("checkbox", { name: GROUP }).check();
    await console.button("activate").click();
  });

  const dialog = page.getByRole("dialog", { name: "Application Saved" });
  await test.step("3. The dialog stays over tab switches; the sign-up page takes what it shows", async () => {
    for (const [shown, asked] of [["Client ID", "Client ID"], ["Client Secret", "Client secret"]] as const) {
      await page.bringToFront();
      await expect(dialog).toBeVisible();
      await dialog.getByRole("button", { name: `Copy ${shown}` }).click();
      await expect(dialog.getByRole("button", { name: `Copied ${shown}` })).toBeVisible();
      await registration.bringToFront();
      await registration.getByLabel(asked, { exact: true }).focus();
      await registration.keyboard.press("ControlOrMeta+V");
      await expect(registration.getByLabel(asked, { exact: true })).not.toHaveValue("");
    }
    await page.bringToFront();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeVisible();
    const secret = await registration.getByLabel("Client secret").inputValue();
    await expect(dialog.getByText(secret, { exact: true })).toBeVisible();
    await console.button("Got It").click();
    await expect(dialog).toBeHidden();
    // 2, looked at: what the tabs held before activate is what is saved.
    await page.reload();
    await expect(page.getByRole("checkbox", { name: GROUP })).toBeChecked();
    await expect(page.getByRole("checkbox", { name: OTHERS })).not.toBeChecked();
    await console.tab("SSO").click();
    await expect(console.field("Service Provider Attribute Name").first()).toHaveValue("email");
    await expect(console.field("Muster Attribute Name").first()).toHaveValue("email");
    await expect(page.getByRole("group", { name: "Issuer" })).toHaveText(org.issuer);
    await registration.getByLabel("Issuer").fill(org.issuer);
  });

  await test.step("4. Sign-up returns to the application, `email` right, client authenticated by POST", async () => {
    const person = new Person(registration, muster);
    await registration.getByRole("button", { name: "Sign up with Muster" }).click();
    await expect(person.heading("Log in to your application using Muster")).toBeVisible();
    await person.enterEmail(ana);
    await person.password.fill(PASSWORD);
    await person.button("SSO Login").click();
    await expect(person.heading(`${LABEL} dashboard`)).toBeVisible();
    await expect(claim(registration, "email")).toHaveText(ana);
    await expect(claim(registration, "iss")).toHaveText(org.issuer);
    const [request] = app.tokenRequests;
    expect(request?.authorization).toBeNull();
    expect(request?.parameters.get("grant_type")).toBe("authorization_code");
    expect(request?.parameters.get("client_secret")?.length).toBeGreaterThan(20);
  });

  await test.step("refresh and sign-out", async () => {
    const person = new Person(registration, muster);
    await person.button("Refresh").click();
    await expect(registration.getByText("Refreshed 1 times")).toBeVisible();
    await person.button("Refresh").click();
    await expect(registration.getByText("Refreshed 2 times")).toBeVisible();
    await expect(claim(registration, "email")).toHaveText(ana);
    const [first, second] = app.tokenRequests.filter((one) => one.parameters.get("grant_type") === "refresh_token");
    expect(first?.parameters.get("refresh_token")).not.toBe(second?.parameters.get("refresh_token"));
    await person.button("Sign out").click();
    await expect(person.heading("Signed out")).toBeVisible();
    await expect(registration).toHaveURL(app.signedOutUri);
    // The session at Muster has ended as well: the next sign-in asks again.
    await registration.goto(app.loginUrl);
    await expect(person.heading("Log in to your application using Muster")).toBeVisible();
    await expect(person.email).toHaveValue("");
  });

  const outside = await browser.newContext({ baseURL: muster.url });
  const outsider = new Person(await outside.newPage(), muster);
  await test.step("5. An outsider is refused", async () => {
    await outsider.page.goto(app.loginUrl);
    await outsider.enterEmail(olga);
    await outsider.password.fill(PASSWORD);
    await outsider.button("SSO Login").click();
    await expect(outsider.page.getByRole("main")).toContainText(LABEL);
    await expect(outsider.page.getByRole("main")).toContainText(/group/i);
    expect(new URL(outsider.page.url()).origin).toBe(muster.url);
  });

  await test.step("6. Group -> Applications -> Save: the outsider is admitted", async () => {
    await page.bringToFront();
    await console.go("USER MANAGEMENT", "User Groups");
    await page.getByRole("link", { name: OTHERS }).click();
    await console.tab("Applications").click();
    await page.getByRole("checkbox", { name: LABEL }).check();
    await console.saved(console.button(/^save( group)?$/i));
    await page.reload();
    await expect(page.getByRole("checkbox", { name: LABEL })).toBeChecked();
    await outsider.page.goto(app.loginUrl);
    await expect(outsider.heading(`${LABEL} dashboard`)).toBeVisible();
    await expect(claim(outsider.page, "email")).toHaveText(olga);
  });
  await outside.close();
  await app.stop();
});

function claim(page: Page, name: string) {
  const claims = page.getByRole("table", { name: "Claims" });
  return claims.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) }).getByRole("cell");
}
