// A tile of the portal asks the application to begin the sign-in (OpenID Connect Core section 4), so that the application
// checks its own answer, and the person lands where they wanted to.
import { makeApplication } from "./harness/application.ts";
import { Person } from "./harness/person.ts";
import { RelyingParty } from "./harness/relyingParty.ts";
import { signedIn, team } from "./harness/team.ts";
import { expect, test } from "./harness/test.ts";

test("from the tile into the application, without a further page", async ({ browser, muster }) => {
  const acme = await team(muster);
  const app = await RelyingParty.start("Wiki");
  const made = await makeApplication(muster, acme.org, {
    label: app.name,
    groups: [acme.group],
    oidc: {
      redirectUris: [app.redirectUri],
      relyingPartyUrl: `${app.url}/dashboard?from=portal`,
      initiateLoginUri: app.initiateLoginUri,
      tokenEndpointAuthMethod: "client_secret_post",
    },
  });
  await app.connect(acme.org.issuer, made.clientId, made.clientSecret);
  const person = await signedIn(browser, muster, acme);
  const tile = person.page.getByRole("list", { name: "Applications" }).getByRole("link", { name: "Wiki" });
  const asked = new URL((await tile.getAttribute("href")) ?? "");
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    iss: acme.org.issuer,
    login_hint: acme.ana.email,
    target_link_uri: `${app.url}/dashboard?from=portal`,
  });
  const [opened] = await Promise.all([person.page.context().waitForEvent("page"), tile.click()]);
  await expect(opened.getByRole("heading", { name: "Wiki dashboard" })).toBeVisible();
  expect(opened.url()).toBe(`${app.url}/dashboard?from=portal`);
  await expect(opened.getByRole("table", { name: "Claims" })).toContainText(acme.ana.email);

  await test.step("the same address in a browser where nobody is signed in: the hint is there already", async () => {
    const stranger = await browser.newContext();
    const there = new Person(await stranger.newPage(), muster);
    await there.page.goto(asked.href);
    await expect(there.email).toHaveValue(acme.ana.email);
    await expect(there.password).toBeVisible();
    await stranger.close();
  });

  await test.step("another issuer's name begins nothing", async () => {
    asked.searchParams.set("iss", "https://evil.example");
    await opened.goto(asked.href);
    await expect(opened.getByRole("heading", { name: "Sign-in failed" })).toBeVisible();
  });
  await app.stop();
  await person.page.context().close();
});
