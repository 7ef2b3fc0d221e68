// Walks through the seeds' steps against the mock by their own names: `node dev/walk.mjs`. A quick check of labels;
// the end-to-end tests in tests/e2e do it against the real server.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const base = process.env.BASE ?? "http://127.0.0.1:5173";
const primary = process.env.PRIMARY ?? "acme";
const secondary = process.env.SECONDARY ?? "globex";
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
const nav = (name) => page.getByRole("navigation", { name: "Main" }).getByRole("link", { name, exact: true });
const choose = async (label, option) => {
  await page.getByLabel(label, { exact: true }).first().click();
  await page.getByRole("option", { name: option, exact: true }).click();
};
const shot = (name) => page.screenshot({ path: `.shots/walk-${name}.png` });

/** Against a real server: signs in and makes what the mock has from the start. */
async function prepare(email, password) {
  await page.goto(`${base}/login/admin`);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.locator("button[type=submit]").click();
  await page.waitForURL(/console/);
  await page.evaluate(async (slug) => {
    const { organizations } = await (await fetch("/api/v2/session")).json();
    const headers = {
      "content-type": "application/json",
      "x-org-id": organizations.find((one) => one.slug === slug).id,
    };
    const post = (path, body) => fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    const person = { username: "boris", email: "boris.fofana@acme.example", displayname: "Boris Fofana" };
    await post("/api/systemusers", person);
    await post("/api/v2/usergroups", { name: "Engineering" });
  }, primary);
}

try {
  if (process.env.ADMIN_EMAIL) await prepare(process.env.ADMIN_EMAIL, process.env.ADMIN_PASSWORD);
  step("custom attribute");
  await page.goto(`${base}/console/${primary}`);
  await nav("Users").click();
  await page
    .getByRole("link", { name: /Boris Fofana/ })
    .first()
    .click();
  await page.getByLabel("Attribute Name").fill("SecondaryEmail");
  await page.getByLabel("Attribute Value").fill("boris.fofana+secondary@globex.example");
  await button("save user").click();
  await page.getByText(/saved/).first().waitFor();

  step("user in the other organization");
  await page.goto(`${base}/console/${secondary}`);
  await nav("Users").click();
  await button("Add user").click();
  await page.getByLabel("Username").fill("boris");
  await page.getByLabel("Company Email").fill("boris@globex.example+secondary");
  await button("save user").click();
  await page.getByText(/goes before the @/).waitFor();
  await page.getByLabel("Company Email").fill("boris.fofana+secondary@globex.example");
  await page.getByLabel("Attribute Name").fill("SecondaryEmail");
  await page.getByLabel("Attribute Value").fill("boris.fofana+secondary@globex.example");
  await button("save user").click();
  await page.getByRole("dialog", { name: "Activation link" }).waitFor();
  await shot("activation");
  await button("Done").click();
  await page.getByRole("heading", { name: "boris" }).waitFor();

  step("dynamic group with preview");
  await nav("User Groups").click();
  await button("Add user group").click();
  await page.getByLabel("Name", { exact: true }).fill("Federated Users to the Primary Org");
  await page.getByRole("radio", { name: "Dynamic" }).check();
  await button("Preview").click();
  await choose("Attribute", "Company Email");
  await choose("Operator", "ends with");
  await page.getByLabel("Value", { exact: true }).fill("+secondary@globex.example");
  await button("Preview").click();
  await page.getByText("1 member").first().waitFor();
  await button("Save Group").click();
  await page.getByRole("heading", { name: "Federated Users to the Primary Org" }).waitFor();
  await page.getByRole("tab", { name: "Users" }).click();
  await page.getByText("boris.fofana+secondary@globex.example").waitFor();

  step("OIDC application, seed 000 order");
  await page.goto(`${base}/console/${primary}`);
  await nav("SSO Applications").click();
  await button("+ Add New Application").or(button("Get Started")).click();
  await button("select").click();
  await button("Next").click();
  await page.getByText("Choose at least one feature").waitFor();
  await page.getByLabel("Manage Single Sign-On (SSO)").check();
  await page.getByLabel("Configure SSO with OIDC").check();
  await button("Next").click();
  await page.getByLabel("Display Label").fill("OIDC for Secondary Org");
  await page.getByLabel("Show this application in User Portal").uncheck();
  await button("Next").click();
  await shot("confirm");
  await button("Configure Application").click();
  await page.getByRole("tab", { name: "SSO" }).waitFor();
  await page.getByLabel("Redirect URIs").fill("https://login.example/oauth/callback");
  assert.equal(await page.getByLabel("Client Authentication Type").inputValue(), "Client Secret Post");
  await page.getByLabel("Login URL").fill("https://console.example");
  await button("Add Attribute").click();
  await page.getByLabel("Service Provider Attribute Name").first().fill("email");
  await page.getByLabel("Muster Attribute Name").first().fill("SecondaryEmail");
  await page.keyboard.press("Escape");
  await button("activate", true).click();
  const dialog = page.getByRole("dialog", { name: "Application Saved" });
  await dialog.waitFor();
  await shot("saved");
  await page.mouse.click(5, 5);
  await page.keyboard.press("Escape");
  assert.equal(await dialog.getByRole("button", { name: "Copy" }).count(), 2);
  await dialog.getByRole("button", { name: "Copy Client Secret" }).click();
  await button("Got It").click();
  await dialog.waitFor({ state: "hidden" });
  await nav("SSO Applications").click();
  await page.getByRole("heading", { name: "Configured Applications" }).waitFor();
  await page.getByRole("link", { name: /OIDC for Secondary Org/ }).click();
  await page.getByRole("tab", { name: "User Groups" }).click();
  await page.getByLabel("Engineering").check();
  await button("save", true).click();
  await page.getByText(/saved/).first().waitFor();
  await page.reload();
  assert.equal(await page.getByLabel("Engineering").isChecked(), true);

  step("identity provider and routing policy");
  await page.goto(`${base}/console/${secondary}`);
  await nav("Identity Providers").click();
  await button("Add Identity Provider").click();
  await page.getByLabel("Name", { exact: true }).fill("Primary Org");
  await page.getByLabel("URL", { exact: true }).fill(`${base}/o/${primary}`);
  await page.getByLabel("Client ID", { exact: true }).fill("abc");
  await page.getByLabel("Client Secret", { exact: true }).fill("def");
  await button("Save", true).click();
  await page.getByRole("heading", { name: "Primary Org" }).waitFor();
  await nav("Users").click();
  await nav("Identity Providers").click();
  await page.getByRole("heading", { name: "Authentication" }).waitFor();
  await button("+ Routing Policy").click();
  await page.getByLabel("Policy Name").fill("Federated people");
  await page.getByLabel("User Groups", { exact: true }).click();
  await page.getByRole("option", { name: "Federated Users to the Primary Org" }).click();
  await page.keyboard.press("Escape");
  assert.equal(await page.getByLabel("User Authentication With").inputValue(), "Primary Org");
  await shot("policy");
  await button("Create", true).click();
  await page.getByText("Routing policy created").waitFor();
  await shot("idp");

  step("password authority");
  await nav("Users").click();
  await page.getByRole("link", { name: /boris.fofana.secondary/ }).click();
  await page.getByRole("tab", { name: "Details" }).click();
  await choose("Password Authority", "Federated Identity Provider");
  await button("save user").click();
  await button("save user").waitFor({ state: "hidden" });
  await nav("Users").click();
  await page
    .getByRole("row", { name: /boris\.fofana\+secondary/ })
    .getByText("Federated Managed by External IdP")
    .waitFor();

  step("seed 003: Custom OIDC App, Save, mapping before Add Attribute, group, activate; then from the group");
  await page.goto(`${base}/console/${secondary}`);
  await nav("SSO Applications").click();
  await button("+ Add New Application").or(button("Get Started")).click();
  await page.getByLabel("Search applications").fill("conductor");
  await page.getByText(/no ready-made application/).waitFor();
  await page.getByLabel("Search applications").fill("");
  await button("Custom OIDC App").click();
  await page.getByLabel("Display Label").fill("ConductorOne");
  await button("Save Application").click();
  await page.getByLabel("Redirect URIs").fill("https://accounts.conductor.example/callback");
  await page.getByLabel("Service Provider Attribute Name").fill("email");
  await page.getByLabel("Muster Attribute Name").click();
  await page.getByRole("option", { name: /^email/ }).click();
  await button("Add Attribute").click();
  await page.getByRole("tab", { name: "User Groups" }).click();
  await page.getByLabel("Federated Users to the Primary Org").check();
  await button("activate", true).click();
  await page.getByRole("dialog", { name: "Application Saved" }).waitFor();
  const other = await context.newPage();
  await other.goto("about:blank");
  await other.bringToFront();
  await page.bringToFront();
  await button("Got It").click();
  await nav("User Groups").click();
  await page.getByRole("link", { name: "All Users" }).click();
  await page.getByRole("tab", { name: "Applications" }).click();
  await page.getByLabel("ConductorOne").check();
  await button("Save Group").click();
  await page.getByText(/saved/).first().waitFor();

  step("leaving with unsaved edits asks");
  await page.getByRole("tab", { name: "Details" }).click();
  await page.getByLabel("Description").fill("changed");
  await nav("Users").click();
  await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor();
  await button("Stay on this page").click();
  await button("Cancel").click();
  await nav("Users").click();

  step("command palette");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or jump to" }).fill("boris");
  await page.getByRole("option", { name: /boris/ }).first().waitFor();
  await shot("palette");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /boris/i }).waitFor();
  console.log("all steps done");
} catch (error) {
  await shot("failed");
  console.log("FAILED", error.message);
  process.exitCode = 1;
}
await browser.close();
