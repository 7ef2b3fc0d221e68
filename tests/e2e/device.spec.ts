// A program without a browser gets in by a code that a person types on another screen (RFC 8628), with and without JavaScript.
import type { Page } from "@playwright/test";
import { api } from "./harness/api.ts";
import { DEVICE_GRANT, makeApplication } from "./harness/application.ts";
import { Device } from "./harness/device.ts";
import { PASSWORD, signedIn, team } from "./harness/team.ts";
import { Person } from "./harness/person.ts";
import { expect, test } from "./harness/test.ts";

const television = { grantTypes: [DEVICE_GRANT, "refresh_token"], tokenEndpointAuthMethod: "none", redirectUris: [] };
const SCOPE = "openid email offline_access";

/** Types the code as people do, small and without the dash, and looks at the number that is shown then. */
async function type(page: Page, device: Device): Promise<void> {
  await page.goto(device.shows.address);
  await page.getByLabel("Code").fill(device.shows.code.toLowerCase().replace("-", " "));
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("heading", { name: "Allow this device?" })).toBeVisible();
  await expect(page.getByText(device.shows.code, { exact: true })).toBeVisible();
}

for (const javaScriptEnabled of [true, false]) {
  test(`allowed by a typed code, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({ browser, muster }) => {
    const acme = await team(muster);
    const tv = await makeApplication(muster, acme.org, { label: "Television", groups: [acme.group], oidc: television });
    const device = await Device.start(acme.org.issuer, tv.clientId, SCOPE);
    const waiting = device.wait();
    const context = await browser.newContext({ baseURL: muster.url, javaScriptEnabled });
    const person = new Person(await context.newPage(), muster);

    await test.step("who is not signed in signs in first, and comes back to the question", async () => {
      await person.page.goto(device.complete);
      await person.enterEmail(acme.ana.email);
      await person.password.fill(PASSWORD);
      await person.button("User Login").or(person.button("SSO Login")).click();
      await expect(person.heading("Allow this device?")).toBeVisible();
      await expect(person.page.getByText(device.shows.code, { exact: true })).toBeVisible();
    });

    await test.step("a wrong code is told, and says nothing of others", async () => {
      await person.page.goto(device.shows.address);
      await person.page.getByLabel("Code").fill("BBBB-BBBB");
      await person.button("Continue").click();
      await expect(person.page.getByRole("alert")).toContainText("This code is not known");
    });

    await test.step("typed, compared, allowed: the program has its tokens", async () => {
      await type(person.page, device);
      await expect(person.page.getByRole("main")).toContainText(`Television as you, Ana Okafor (${acme.ana.email})`);
      await person.button("Allow").click();
      await expect(person.heading("Your device is signed in")).toBeVisible();
      const { claims, refreshed } = await waiting;
      expect(claims).toMatchObject({ sub: acme.ana.id, email: acme.ana.email });
      expect(refreshed).toBe(true);
    });

    await test.step("the code was for one time", async () => {
      await person.page.goto(device.complete);
      await expect(person.page.getByRole("alert")).toContainText("This code is not known, was used, or has expired.");
    });
    await context.close();
  });
}

test("denied: the program is refused, and the person is told what it means", async ({ browser, muster }) => {
  const acme = await team(muster);
  const tv = await makeApplication(muster, acme.org, { label: "Television", groups: [acme.group], oidc: television });
  const person = await signedIn(browser, muster, acme);
  const device = await Device.start(acme.org.issuer, tv.clientId, SCOPE);
  const refused = device.refused();
  await type(person.page, device);
  await person.button("Deny").click();
  await expect(person.heading("The device was refused")).toBeVisible();
  expect(await refused).toBe("access_denied");
  const events = await api<{ results: { summary?: string }[] }>(muster, acme.org, "GET", `/api/v2/users/${acme.ana.id}/events?limit=5`);
  expect(events.text).toContain("Denied a device that asked to sign in to Television");
  await person.page.context().close();
});
