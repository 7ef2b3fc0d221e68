// Programs get in: a service account uses the API with its role, and an application registers itself with a token that
// an administrator made.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import type { Muster } from "./harness/muster.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

async function token(muster: Muster, id: string, secret: string): Promise<Response> {
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret });
  return fetch(`${muster.url}/oauth2/token`, { method: "POST", body });
}

test("a service account, from its secret to its end", async ({ page, muster }) => {
  const org = await organization(muster, "Acme");
  const console = new Console(page, muster, org);
  await console.open();
  await console.go("SETTINGS", "API");
  await console.tab("Service accounts").click();
  await console.button("Add service account").click();
  const adding = page.getByRole("dialog", { name: "Add service account" });
  await adding.getByRole("button", { name: "Add service account" }).click();
  await expect(adding.getByText("Enter a name that says which program it is.")).toBeVisible();
  await adding.getByLabel("Name").fill("Nightly report");
  await adding.getByRole("radio", { name: "Read Only" }).check();
  await adding.getByRole("button", { name: "Add service account" }).click();
  const shown = page.getByRole("dialog", { name: "Service account secret" });
  const id = (await shown.getByRole("group", { name: "Client ID" }).textContent()) ?? "";
  const secret = (await shown.getByRole("group", { name: "Client Secret" }).textContent()) ?? "";
  await shown.getByRole("button", { name: "Got It" }).click();
  await expect(console.row("Nightly report")).toContainText("Read Only");

  const granted = (await (await token(muster, id, secret)).json()) as { access_token: string };
  const ask = (method: string, path: string, body?: object) =>
    fetch(`${muster.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${granted.access_token}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
  expect((await ask("GET", "/api/systemusers")).status).toBe(200);
  expect((await ask("POST", "/api/systemusers", { username: "eve", email: `eve@${org.slug}.example` })).status).toBe(403);

  await test.step("a second secret lives beside the first, until that is deleted", async () => {
    await console.button("Nightly report").click();
    const dialog = page.getByRole("dialog", { name: "Service account", exact: true });
    await dialog.getByRole("button", { name: "New secret" }).click();
    const next = (await shown.getByRole("group", { name: "Client Secret" }).textContent()) ?? "";
    await shown.getByRole("button", { name: "Got It" }).click();
    expect((await token(muster, id, next)).status).toBe(200);
    expect((await token(muster, id, secret)).status).toBe(200);
  });

  await test.step("shut out, then deleted", async () => {
    await console.button("Nightly report").click();
    const dialog = page.getByRole("dialog", { name: "Service account", exact: true });
    await expect(dialog.getByRole("row")).toHaveCount(3);
    await dialog.getByRole("switch", { name: "May use the API" }).focus();
    await page.keyboard.press("Space");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(console.row("Nightly report")).toContainText("Disabled");
    expect((await ask("GET", "/api/systemusers")).status).toBe(401);
    await console.button("Nightly report").click();
    await dialog.getByRole("button", { name: "Delete", exact: true }).last().click();
    await page.getByRole("dialog", { name: "Delete Nightly report?" }).getByRole("button", { name: "Delete service account" }).click();
    await expect(page.getByText("No service accounts yet")).toBeVisible();
    expect((await token(muster, id, secret)).status).toBe(401);
  });
});

test("an application registers itself with a token of an administrator's", async ({ page, muster }) => {
  const org = await organization(muster, "Acme");
  const group = await must<{ id: string }>(muster, org, "POST", "/api/v2/usergroups", { name: "Developers" });
  const register = (bearer?: string) =>
    fetch(`${muster.url}/o/${org.slug}/oauth2/register`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(bearer && { authorization: `Bearer ${bearer}` }) },
      body: JSON.stringify({ client_name: "Build tool", redirect_uris: ["https://build.example/cb"] }),
    });
  expect((await register()).ok).toBe(false);
  const console = new Console(page, muster, org);
  await console.open();
  await page.goto(`/console/${org.slug}/settings/api?tab=registration`);
  await page.getByRole("radio", { name: "With an initial access token" }).check();
  await expect(page.getByText("Without a group nobody can sign in")).toBeVisible();
  await console.field("User Groups").first().fill("Dev");
  await page.getByRole("option", { name: "Developers" }).click();
  await console.button("Save").click();
  await console.button("Add token").click();
  const adding = page.getByRole("dialog", { name: "Add initial access token" });
  await adding.getByLabel("For", { exact: true }).fill("The build tool");
  await adding.getByRole("button", { name: "Add token" }).click();
  const shown = page.getByRole("dialog", { name: "Initial access token", exact: true });
  const initial = (await shown.getByRole("group", { name: "Token" }).textContent()) ?? "";
  await shown.getByRole("button", { name: "Got It" }).click();
  await expect(console.row("The build tool")).toContainText("1");

  const answer = await register(initial);
  expect(answer.status).toBe(201);
  expect((await register(initial)).ok, "the token was for one").toBe(false);
  await console.go("USER AUTHENTICATION", "SSO Applications");
  await console.row("Build tool").getByRole("link").first().click();
  await console.tab("User Groups").click();
  await expect(page.getByRole("checkbox", { name: "Developers" })).toBeChecked();
  await console.tab("SSO").click();
  await expect(page.getByRole("region", { name: "Advanced" }).getByRole("button", { name: /^Consent/ })).toContainText("1 set");
  expect(group.id).toMatch(/^[0-9a-f]{24}$/);
});
