// The other half of a quick check against the mock: what the seeds do not walk through. `node dev/walk2.mjs`
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const base = process.env.BASE ?? "http://127.0.0.1:5173";
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
const page = await context.newPage();
page.setDefaultTimeout(Number(process.env.PATIENCE_MS ?? 6000));
page.on("pageerror", (error) => console.log("PAGE ERROR", error.message));
page.on("console", (message) => {
  if (message.type() === "error") console.log("console:", message.text());
});
const step = (text) => console.log("·", text);
const button = (name, exact = false) => page.getByRole("button", { name, exact });
const shot = (name) => page.screenshot({ path: `.shots/walk2-${name}.png` });
const item = (name) => page.getByRole("menuitem", { name, exact: true }).click();

try {
  step("filters and search are kept in the address");
  await page.goto(`${base}/console/acme/users`);
  await button("Password Status", true).click();
  await page.getByRole("menuitemradio", { name: "Locked" }).click();
  await page.getByText("farid.bergstrom@acme.example").waitFor();
  assert.match(page.url(), /status=Locked/);
  await page.keyboard.press("/");
  await page.keyboard.type("farid");
  await page.waitForURL(/search=farid/);
  await page.reload();
  assert.equal(await page.getByLabel("Search users").inputValue(), "farid");

  step("row actions");
  await button("Actions for Farid Bergström").click();
  await item("Unlock");
  await page.getByText("Farid Bergström is unlocked.").waitFor();
  await page.goto(`${base}/console/acme/users?search=hugo`);
  await button("Actions for Hugo Lindgren").first().click();
  await item("Set password");
  await page.getByLabel("New password").fill("short");
  await page.getByRole("dialog").getByRole("button", { name: "Set password" }).click();
  await page.getByText(/at least 12 characters/).waitFor();
  await shot("setpassword");
  await page.getByLabel("New password").fill("correct horse battery");
  await page.getByRole("dialog").getByRole("button", { name: "Set password" }).click();
  await page.getByText(/is set/).waitFor();
  await button("Actions for Hugo Lindgren").first().click();
  await item("Suspend");
  await page
    .getByRole("dialog")
    .getByText(/2 open sessions/)
    .waitFor();
  await shot("suspend");
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await page.getByText(/is suspended/).waitFor();
  await button("Actions for Hugo Lindgren").first().click();
  await item("Send password reset");
  await page.getByRole("dialog", { name: "Password reset link" }).waitFor();
  await button("Done").click();

  step("bulk");
  await page.goto(`${base}/console/acme/users`);
  await page.getByLabel("Select Ana Almeida").first().check();
  await page.getByLabel("Select Boris Fofana").first().check();
  await shot("bulk");
  await button("Expire password", true).click();
  await page.getByRole("dialog").getByRole("button", { name: "Expire password" }).click();
  await page.getByText(/done for 2 users/).waitFor();

  step("columns and paging");
  await button("Columns").click();
  await page.getByRole("menuitemcheckbox", { name: "Job Title" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "Job Title" }).waitFor();
  await button("Next page").click();
  await page.waitForURL(/page=1/);

  step("group: members by hand, exemptions, a rule that lets people go");
  await page.goto(`${base}/console/acme/user-groups`);
  await page.getByRole("link", { name: "Engineering" }).click();
  await page.getByRole("tab", { name: "Users" }).click();
  await page.getByLabel("Add a user to this group").fill("uma");
  await page.getByRole("option", { name: /Uma/ }).first().click();
  await page.getByText(/is in Engineering now/).waitFor();
  await page.getByRole("tab", { name: "Details" }).click();
  await page.getByRole("radio", { name: "Dynamic" }).check();
  await page.getByLabel("Attribute", { exact: true }).fill("depart");
  await page.getByRole("option", { name: "Department" }).click();
  await page.getByLabel("Operator", { exact: true }).click();
  await page.getByRole("option", { name: "in", exact: true }).click();
  await page.getByLabel("Value", { exact: true }).fill("Engineering");
  await page.keyboard.press("Enter");
  await button("Add condition").click();
  await page.getByLabel("And/Or").click();
  await page.getByRole("option", { name: "Or", exact: true }).click();
  await button("Preview").click();
  await page
    .getByText("Choose an attribute")
    .or(page.getByText(/members/))
    .first()
    .waitFor();
  await page.getByLabel("Exempt a user").fill("boris");
  await page
    .getByRole("option", { name: /Boris Fofana/ })
    .first()
    .click();
  await page.getByLabel("Exemption of Boris Fofana", { exact: true }).click();
  await page.getByRole("option", { name: "Never in the group" }).click();
  await shot("rule");
  await button("Save Group").click();
  await page.getByRole("dialog", { name: "Save the new rule?" }).waitFor();
  await shot("rule-confirm");
  await page.getByRole("dialog").getByRole("button", { name: "Save Group" }).click();
  await page.getByText(/saved/).first().waitFor();

  step("secrets");
  await page.goto(`${base}/console/acme/sso-applications`);
  await page.getByRole("link", { name: /Team Wiki/ }).click();
  await page.getByRole("tab", { name: "SSO" }).click();
  await button("Regenerate secret").click();
  await page.getByRole("dialog", { name: "New Client Secret" }).waitFor();
  await button("Got It").click();
  await button("Delete the secret ending in x9Qa").click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete secret" }).click();
  await page.getByText("The secret is deleted.").waitFor();

  step("errors of the server stand at their field");
  await page.goto(`${base}/console/acme/sso-applications`);
  await page.getByRole("link", { name: /Expense reports/ }).click();
  await page.getByRole("tab", { name: "SSO" }).click();
  await page.getByLabel("Redirect URIs").fill("http://evil.example/cb");
  await page.getByRole("tab", { name: "General Info" }).click();
  await button("activate", true).click();
  await page.getByText(/Plain http is allowed/).waitFor();
  await shot("server-error");

  step("organization switcher, administrators, key, organizations");
  await page.goto(`${base}/console/acme/settings/api`);
  await button("Generate New API Key").click();
  await button("Copy API Key").waitFor();
  await shot("apikey");
  await button(/Switch organization/).click();
  await page.getByLabel("Search organizations").fill("glob");
  await shot("switcher");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Globex Industries" }).waitFor();
  await page.goto(`${base}/console/acme/settings/administrators`);
  await button("Add administrator").click();
  await page.getByLabel("Email").fill("new@acme.example");
  await page.getByRole("dialog").getByRole("button", { name: "Add administrator" }).click();
  await page.getByRole("dialog", { name: "Activation link" }).waitFor();
  await button("Done").click();
  await page.goto(`${base}/console/acme/organizations`);
  await button("Create organization").click();
  await page.getByLabel("Organization Name").fill("Umbrella");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await page.getByRole("link", { name: "Open Umbrella" }).click();
  await page.getByRole("heading", { name: "Umbrella" }).waitFor();

  step("theme");
  await button("Theme").click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme), "dark");
  await page.reload();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.mantineColorScheme), "dark");

  step("portal");
  await page.goto(`${base}/portal/acme/security`);
  await page.getByLabel("Current password").fill("wrong");
  await page.getByLabel("New password", { exact: true }).fill("correct horse battery");
  await page.getByLabel("New password again").fill("correct horse battery");
  await button("Change password").click();
  await page.getByText("This is not your current password.").waitFor();
  await shot("portal-password");
  await button(/End the session/).click();
  await page.getByText("The session has ended.").waitFor();
  await page.getByRole("link", { name: "My profile" }).click();
  await page.getByLabel("Display Name").fill("Ana A.");
  await button("Save", true).click();
  await page.getByText("Your profile is saved.").waitFor();

  step("390 px: the navigation folds away and opens");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${base}/console/acme/users`);
  await page.getByRole("heading", { name: "Users" }).waitFor();
  await button("Navigation", true).click();
  await page.waitForTimeout(200);
  await shot("nav-390");
  await page.getByRole("link", { name: "User Groups" }).click();
  await page.getByRole("heading", { name: "User Groups" }).waitFor();
  console.log("all steps done");
} catch (error) {
  await shot("failed");
  console.log("FAILED", error.message);
  process.exitCode = 1;
}
await browser.close();
