// Sign-out that an application asks for: at once with its ID token, by a question without; and every application of the
// session is told in the browser (front-channel logout).
import { api } from "./harness/api.ts";
import { makeApplication } from "./harness/application.ts";
import { RelyingParty } from "./harness/relyingParty.ts";
import { signedIn, type Team, team } from "./harness/team.ts";
import type { Muster } from "./harness/muster.ts";
import { expect, test } from "./harness/test.ts";

async function application(muster: Muster, { org, group }: Team, name: string, frontChannel: boolean): Promise<RelyingParty & { clientId: string }> {
  const app = await RelyingParty.start(name);
  const made = await makeApplication(muster, org, {
    label: name,
    groups: [group],
    oidc: {
      redirectUris: [app.redirectUri],
      postLogoutRedirectUris: [app.signedOutUri],
      tokenEndpointAuthMethod: "client_secret_post",
      ...(frontChannel && { frontchannelLogoutUri: app.frontChannelLogoutUri, frontchannelLogoutSessionRequired: true }),
    },
  });
  await app.connect(org.issuer, made.clientId, made.clientSecret);
  return Object.assign(app, { clientId: made.clientId });
}

test("by the application's own button: at once, through the others' frames, and back", async ({ browser, muster }) => {
  const acme = await team(muster);
  const wiki = await application(muster, acme, "Wiki", false);
  const chat = await application(muster, acme, "Chat", true);
  const person = await signedIn(browser, muster, acme);
  const { page } = person;
  for (const app of [chat, wiki]) {
    await page.goto(app.loginUrl);
    await expect(person.heading(`${app.name} dashboard`)).toBeVisible();
  }
  await person.button("Sign out").click();
  await expect(page).toHaveURL(wiki.signedOutUri);
  // Chat heard of it in its frame: its dashboard sends to its login, and that to ours.
  await page.goto(`${chat.url}/dashboard`);
  await expect(person.email).toBeVisible();
  expect(page.url()).toContain(muster.url);
  await page.goto(`/portal/${acme.org.slug}`);
  await expect(person.email).toBeVisible();
  for (const app of [chat, wiki]) await app.stop();
  await page.context().close();
});

test("without an ID token the person is asked, and may stay", async ({ browser, muster }) => {
  const acme = await team(muster);
  const wiki = await application(muster, acme, "Wiki", true);
  const person = await signedIn(browser, muster, acme);
  const { page } = person;
  await page.goto(wiki.loginUrl);
  await expect(person.heading("Wiki dashboard")).toBeVisible();
  const query = new URLSearchParams({ client_id: wiki.clientId, post_logout_redirect_uri: wiki.signedOutUri, state: "s1" });
  const address = `${acme.org.issuer}/oauth2/sessions/logout`;

  await test.step("the question names the application and the person; staying is a link", async () => {
    await page.goto(`${address}?${query}`);
    await expect(person.heading("Sign out of Acme?")).toBeVisible();
    await expect(page.getByRole("main")).toContainText(`Ana Okafor (${acme.ana.email})`);
    await expect(page.getByRole("main")).toContainText("Wiki asks to sign you out.");
    await page.getByRole("link", { name: "Stay signed in" }).click();
    await expect(page).toHaveURL(new RegExp(`/portal/${acme.org.slug}/?$`));
  });

  await test.step("an address that nobody registered: nobody is signed out, and nobody is sent there", async () => {
    await page.goto(`${address}?${new URLSearchParams({ client_id: wiki.clientId, post_logout_redirect_uri: "https://evil.example/" })}`);
    await expect(person.heading("You are not signed out")).toBeVisible();
  });

  await test.step("confirmed: by way of the frames to the application, with its state", async () => {
    await page.goto(`${address}?${query}`);
    await person.button("Sign out").click();
    await expect(page).toHaveURL(`${wiki.signedOutUri}?state=s1`);
    await page.goto(`${wiki.url}/dashboard`);
    await expect(person.email).toBeVisible();
    const sessions = await api<{ results: unknown[] }>(muster, acme.org, "GET", `/api/v2/users/${acme.ana.id}/sessions`);
    expect(sessions.text).not.toContain("Wiki");
  });

  await test.step("who is signed out already is told so", async () => {
    await page.goto(address);
    await expect(person.heading("You are signed out")).toBeVisible();
    await page.getByRole("link", { name: "Sign in again" }).click();
    await expect(person.email).toBeVisible();
  });
  await wiki.stop();
  await page.context().close();
});

test("an application that does not answer holds nobody up for long", async ({ browser, muster }) => {
  const acme = await team(muster);
  const chat = await application(muster, acme, "Chat", true);
  const person = await signedIn(browser, muster, acme);
  const { page } = person;
  await page.goto(chat.loginUrl);
  await expect(person.heading("Chat dashboard")).toBeVisible();
  let asked = "";
  await page.route(`${chat.frontChannelLogoutUri}*`, (route) => {
    asked = route.request().url();
  });
  await page.goto(`${acme.org.issuer}/oauth2/sessions/logout`);
  await person.button("Sign out").click();
  await expect(person.heading("Signing you out")).toBeVisible();
  await expect(page.getByText("Your applications are being signed out too.")).toBeVisible();
  await expect(person.heading("You are signed out")).toBeVisible();
  const told = new URL(asked).searchParams;
  expect(told.get("iss")).toBe(acme.org.issuer);
  expect(told.get("sid")).toMatch(/^[0-9a-f]{24}$/);
  await chat.stop();
  await page.context().close();
});
