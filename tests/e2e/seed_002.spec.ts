// Seed 002: a directory is synchronised with an application. The application is a second organization of the same server,
// which takes people and groups by its SCIM server; the first one sends them by its SCIM client. Its outcome lines.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const APP = "YourApp";
const GROUP = "YourApp Users";
const EDITORS = "Editors";

test("seed 002", async ({ browser, muster }) => {
  const [source, target] = [await organization(muster, "Directory"), await organization(muster, APP)];
  const people = await browser.newContext({ baseURL: muster.url });
  const console = new Console(await people.newPage(), muster, source);
  const others = await browser.newContext({ baseURL: muster.url, permissions: ["clipboard-read", "clipboard-write"] });
  const receiver = new Console(await others.newPage(), muster, target);
  const { page } = console;
  const ana = `ana@${source.slug}.example`;
  await test.step("what is there before: a person there, and a group here that something hangs on", async () => {
    const person = { username: "ana", email: ana, firstname: "Ana", lastname: "Okafor" };
    await must(muster, source, "POST", "/api/systemusers", person);
    await must(muster, target, "POST", "/api/v2/usergroups", { name: EDITORS });
    await console.open();
    await receiver.open();
  });

  let [endpoint, token] = ["", ""];
  await test.step("1. Endpoint and token made; the token once", async () => {
    await receiver.go("DIRECTORY INTEGRATIONS", "SCIM Provisioning");
    await receiver.button("Choose JumpCloud").click();
    const made = receiver.page.getByRole("dialog", { name: "Endpoint and Bearer Token" });
    endpoint = (await made.getByRole("group", { name: "Endpoint" }).textContent()) ?? "";
    token = (await made.getByRole("group", { name: "Bearer Token" }).textContent()) ?? "";
    expect(endpoint).toMatch(/^http.*\/scim\/v2\/[0-9a-f]{24}$/);
    expect(token.length).toBeGreaterThan(20);
    await made.getByRole("button", { name: "Copy Bearer Token" }).click();
    expect(await receiver.page.evaluate(() => navigator.clipboard.readText())).toBe(token);
    await made.getByRole("button", { name: "Got It" }).click();
    await receiver.page.reload();
    await expect(receiver.page.getByRole("group", { name: "Endpoint" })).toHaveText(endpoint);
    await expect(receiver.page.getByText(token)).toHaveCount(0);
    await expect(receiver.page.getByText("Waiting for the first request")).toBeVisible();
  });

  await test.step("2. An empty search offers Custom Application", async () => {
    await console.go("USER AUTHENTICATION", "SSO Applications");
    await console.button("Get Started").click();
    await page.getByRole("searchbox", { name: "Search applications" }).fill(APP);
    await expect(page.getByText(`There is no ready-made application called “${APP}”`)).toBeVisible();
    await expect(page.getByRole("region", { name: "Custom Application" })).toBeVisible();
    await console.button("select").click();
  });

  await test.step("3. Export-only application saved; Configure opens Identity Management", async () => {
    await page.getByRole("checkbox", { name: "Export users to this app (Identity Management)" }).check();
    await console.button("Next").click();
    await console.field("Display Label").fill(APP);
    await console.button("Save Application").click();
    await console.button("Configure Application").click();
    await expect(console.tab("Identity Management")).toHaveAttribute("aria-selected", "true");
    await expect(console.tab("SSO")).toHaveCount(0);
    await console.field("Base URL").fill(endpoint);
    await console.field("Token Key").fill(token);
    await console.button("Test Connection").click();
    await expect(page.getByText("The connection works.")).toBeVisible();
  });

  await test.step("4. Activate, Save", async () => {
    await console.button("Activate").click();
    await expect(page.getByRole("region", { name: "Provisioning status" })).toBeVisible();
    await console.saved(console.button("Save"));
    await page.reload();
    await expect(page.getByRole("region", { name: "Provisioning status" })).toBeVisible();
    await expect(console.field("Base URL")).toHaveValue(endpoint);
  });

  await test.step("5. Group made, application bound from both sides, Save Group", async () => {
    await console.addStaticGroup(GROUP, []);
    await console.tab("Applications").click();
    await page.getByRole("checkbox", { name: APP }).check();
    await console.saved(console.button("Save Group"));
    await console.go("USER AUTHENTICATION", "SSO Applications");
    await console.row(APP).getByRole("link").click();
    await console.tab("User Groups").click();
    await expect(page.getByRole("checkbox", { name: GROUP })).toBeChecked();
    await page.getByRole("checkbox", { name: GROUP }).uncheck();
    await console.button("save").click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Nobody gets an account in this application")).toBeVisible();
    await expect(console.button("save")).toHaveCount(0);
    await page.getByRole("checkbox", { name: GROUP }).check();
    await console.saved(console.button("save"));
    await console.go("USER MANAGEMENT", "User Groups");
    await console.row(GROUP).getByRole("link").click();
    await console.tab("Applications").click();
    await expect(page.getByRole("checkbox", { name: APP })).toBeChecked();
  });

  await test.step("6. A person added appears in the receiver's Users, the group in Groups", async () => {
    await console.tab("Users").click();
    await page.getByRole("combobox", { name: /add/i }).fill(ana);
    await page.getByRole("option", { name: new RegExp(ana.replaceAll(".", "\\.")) }).click();
    await expect(console.row(ana)).toBeVisible();
    await receiver.tab("Users").click();
    await expect(receiver.row(ana).getByText("Active")).toBeVisible();
    await receiver.tab("Groups").click();
    await expect(receiver.row(GROUP).getByRole("cell", { name: "1", exact: true })).toBeVisible();
    await receiver.tab("Connection").click();
    await expect(receiver.page.getByText("Connected")).toBeVisible();
  });

  await test.step("what the directory feeds is read-only, with who feeds it", async () => {
    await receiver.openUser(ana);
    await expect(receiver.field("First Name")).toHaveValue("Ana");
    await expect(receiver.field("First Name")).toHaveAttribute("readonly", "");
    await expect(receiver.page.getByText("From JumpCloud").first()).toBeVisible();
    await expect(receiver.field("Password Authority").first()).toHaveValue("SCIM");
  });

  await test.step("7. Role mapping applied, and removed on leaving", async () => {
    await receiver.go("DIRECTORY INTEGRATIONS", "SCIM Provisioning");
    await receiver.row("JumpCloud").getByRole("link").click();
    await receiver.tab("Group to Role Mapping").click();
    await receiver.button("Add role mapping").click();
    await receiver.page.getByRole("combobox", { name: "Group from the directory" }).fill(GROUP);
    await receiver.page.keyboard.press("Escape");
    await receiver.page.getByRole("combobox", { name: "What its members get" }).click();
    await receiver.page.getByRole("option", { name: EDITORS }).click();
    await receiver.saved(receiver.button("Save"));
    await receiver.go("USER MANAGEMENT", "User Groups");
    await receiver.row(EDITORS).getByRole("link").click();
    await receiver.tab("Users").click();
    await expect(receiver.row(ana)).toBeVisible();
    await page.getByRole("button", { name: /^Remove ana/ }).click();
    await expect(console.row(ana)).toHaveCount(0);
    await expect(async () => {
      await receiver.page.reload();
      await expect(receiver.page.getByText("Nobody is in this group yet.")).toBeVisible({ timeout: 1000 });
    }).toPass();
  });

  await test.step("whoever leaves has no active account there", async () => {
    await receiver.go("USER MANAGEMENT", "Users");
    await expect(receiver.row(ana).getByText("Suspended")).toBeVisible();
  });
  await people.close();
  await others.close();
});
