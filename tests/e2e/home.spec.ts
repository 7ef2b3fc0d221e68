// The console's first page: an empty organization is led to its first working application, then sees its figures.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

test("quick start of an empty organization", async ({ page, muster }) => {
  const org = await organization(muster, "Empty");
  const make = <Made>(path: string, body: object) => must<Made>(muster, org, "POST", path, body);
  const console = new Console(page, muster, org);
  const steps = page.getByRole("region", { name: "Quick start" }).getByRole("listitem");
  const isDone = (step: number) => steps.nth(step).getByLabel("Done");
  await console.open();
  await expect(steps).toHaveCount(5);
  await expect(page.getByText("0 of 5 done")).toBeVisible();
  await expect(page.getByText(`${muster.url}/o/${org.slug}/login`)).toBeVisible();
  await steps.first().getByRole("link").click();
  await expect(page).toHaveURL(/\/users\/new$/);

  await make("/api/systemusers", { username: "ana", email: `ana@${org.slug}.example` });
  await make("/api/systemusers", { username: "ben", email: `ben@${org.slug}.example`, state: "STAGED" });
  const group = await make<{ id: string }>("/api/v2/usergroups", { name: "Staff" });
  const sso = { type: "oidc", hidden: false };
  const app = await make<{ _id: string }>("/api/applications", { name: "oidc", displayLabel: "Wiki", active: false, sso });
  await make(`/api/v2/applications/${app._id}/sso`, { ...sso, oidc: { redirectUris: ["https://wiki.example/cb"] } });
  await page.goto(`/console/${org.slug}`);
  await expect(page.getByText("3 of 5 done")).toBeVisible();
  await expect(isDone(2)).toBeVisible();
  await expect(isDone(3)).toHaveCount(0);
  await steps.filter({ hasText: "Give Wiki to a group" }).getByRole("link").click();
  await expect(console.tab("User Groups")).toHaveAttribute("aria-selected", "true");

  await make(`/api/v2/applications/${app._id}/associations`, { op: "add", type: "user_group", id: group.id });
  const active = { name: "oidc", displayLabel: "Wiki", active: true, sso };
  await must(muster, org, "PUT", `/api/applications/${app._id}`, active);
  await page.goto(`/console/${org.slug}`);
  await expect(page.getByRole("link", { name: "1 Active applications" })).toBeVisible();
  await expect(steps).toHaveCount(0);
  const states = page.getByRole("list", { name: "Users by state" });
  await expect(states).toContainText("Password pending1");
  await states.getByRole("link", { name: "Staged" }).click();
  await expect(console.row("ben")).toBeVisible();
  await expect(console.row("ana@")).toHaveCount(0);
});

test("an organization whose twelfth application works is not led to its first", async ({ page, muster }) => {
  const org = await organization(muster, "Many");
  const make = <Made>(path: string, body: object) => must<Made>(muster, org, "POST", path, body);
  const sso = { type: "oidc", hidden: false };
  for (let n = 1; n < 12; n += 1) await make("/api/applications", { name: "oidc", displayLabel: `Draft ${n}`, active: false, sso });
  const app = await make<{ _id: string }>("/api/applications", { name: "oidc", displayLabel: "Wiki", active: false, sso });
  await make(`/api/v2/applications/${app._id}/sso`, { ...sso, oidc: { redirectUris: ["https://wiki.example/cb"] } });
  await must(muster, org, "PUT", `/api/applications/${app._id}`, { name: "oidc", displayLabel: "Wiki", active: true, sso });
  const console = new Console(page, muster, org);
  await console.open();
  await expect(page.getByRole("region", { name: "Quick start" })).toBeVisible();
  const group = await make<{ id: string }>("/api/v2/usergroups", { name: "Staff" });
  await make(`/api/v2/applications/${app._id}/associations`, { op: "add", type: "user_group", id: group.id });
  await page.goto(`/console/${org.slug}`);
  await expect(page.getByRole("list", { name: "Needs attention" })).toContainText("Draft 1 is saved but not activated");
  await expect(page.getByRole("region", { name: "Quick start" })).toHaveCount(0);
});

test("a page arrives though the browser believes that there is no network, and though a script was lost on the way", async ({ page, muster }) => {
  const org = await organization(muster, "Cut off");
  const console = new Console(page, muster, org);
  await console.open();
  await page.evaluate(() => window.dispatchEvent(new Event("offline")));
  await console.go("DEVICE MANAGEMENT", "Devices");
  await expect(console.heading("Devices").first()).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
  let lost = 0;
  await page.route("**/assets/index-*.js", (route) => (lost++ === 0 ? route.abort("connectionreset") : route.continue()));
  await page.goto(`/console/${org.slug}/settings/administrators`);
  await expect(console.heading("Administrators")).toBeVisible();
  expect(lost).toBeGreaterThan(1);
});
