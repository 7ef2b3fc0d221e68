// Signing out of SAML applications that do not send the browser back: the person comes back with Back, sees who was told, and
// goes on; and of two organizations in one browser, both are told.
import { createServer } from "node:http";
import type { Page } from "@playwright/test";
import { must } from "./harness/api.ts";
import type { Muster, Organization } from "./harness/muster.ts";
import { Person } from "./harness/person.ts";
import { freePort } from "./harness/port.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const PASSWORD = "seven copper kettles sing";

/** An application that signs people in, and whose sign-out leads nowhere. */
async function application(muster: Muster, org: Organization, label: string, user: string, at: string): Promise<string> {
  const host = `${at}/${label}`;
  const app = await must<{ _id: string }>(muster, org, "POST", "/api/applications", { name: "saml2", displayLabel: label, active: true });
  const settings = { spEntityId: host, acs: [{ url: `${host}/acs` }], logout: { url: `${host}/slo` } };
  await must(muster, org, "PUT", `/api/v2/applications/${app._id}/saml`, settings);
  await must(muster, org, "POST", `/api/v2/applications/${app._id}/associations`, { op: "add", type: "user", id: user });
  return app._id;
}

async function signIn(page: Page, muster: Muster, org: Organization, labels: string[], at: string): Promise<void> {
  const email = `ana@${org.slug}.example`;
  const ana = await must<{ _id: string }>(muster, org, "POST", "/api/systemusers", { username: "ana", email, password: PASSWORD });
  await new Person(page, muster).signInHere(org, email, PASSWORD);
  for (const label of labels) {
    const app = await application(muster, org, label, ana._id, at);
    await page.goto(`${muster.url}/o/${org.slug}/saml/${app}/sso`);
    await expect(page).toHaveTitle(`/${label}/acs`);
  }
}

test("applications that do not send the browser back, in two organizations", async ({ browser, muster }) => {
  const orgs = [await organization(muster, "Acme"), await organization(muster, "Blue")] as const;
  const context = await browser.newContext({ baseURL: muster.url });
  const page = await context.newPage();
  // Every application is a page that says its address.
  const port = await freePort();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><html lang="en"><title>${path}</title><h1>${path}</h1></html>`);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${port}`;
  await signIn(page, muster, orgs[0], ["OKR", "CRM"], at);
  await signIn(page, muster, orgs[1], ["Wiki"], at);

  await page.goto("/logout");
  await page.getByRole("button", { name: "Sign out" }).click();
  const told: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    // The first one of an organization is told by itself, the next ones when the person goes on.
    await page.waitForURL(/\/slo\?/);
    told.push(new URL(page.url()).pathname);
    await page.goBack();
    await expect(page.getByText("was asked, and did not answer")).toBeVisible();
    await page.getByRole("link", { name: "Continue" }).click();
  }
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Sign in again" })).toBeVisible();
  expect(told.sort()).toEqual(["/CRM/slo", "/OKR/slo", "/Wiki/slo"]);
  await context.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
