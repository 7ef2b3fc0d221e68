// The pages that a person meets on the way into an application and out of it, with the state in which they are looked at.
import { expect, type Page } from "@playwright/test";
import { Device } from "./device.ts";
import type { Shown } from "./everyPage.ts";
import { PASSWORD } from "./team.ts";
import type { World } from "./world.ts";

/** RFC 7636 appendix B. */
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK = "https://crm.example/callback";

/** Ana, who is signed in. */
function ana(name: string, open: Shown["open"]): Shown {
  return {
    name: `signin-${name}`,
    as: "person",
    open: async (page, world) => {
      await open(page, world);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    },
  };
}

/** The address at which the partner's application sends people here. */
function authorization({ primary, ids }: World, scope: string, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: ids.partner,
    redirect_uri: CALLBACK,
    scope,
    state: "s",
    nonce: "n",
    code_challenge: CHALLENGE,
    code_challenge_method: "S256",
    ...more,
  });
  return `/o/${primary.slug}/oauth2/auth?${query}`;
}

async function question(page: Page, { primary, ids }: World): Promise<void> {
  const device = await Device.start(primary.issuer, ids.partner, "openid email offline_access");
  await page.goto(device.complete);
}

/** What the partner's application does with the answer in the browser's address; now it has a token of the session. */
async function redeem(page: Page, { primary, ids }: World): Promise<void> {
  const code = new URL(page.url()).searchParams.get("code") ?? "";
  const body = { grant_type: "authorization_code", code, redirect_uri: CALLBACK, code_verifier: VERIFIER, client_id: ids.partner };
  const answer = await fetch(`${primary.issuer}/oauth2/token`, { method: "POST", body: new URLSearchParams(body) });
  expect(answer.status, await answer.text()).toBe(200);
}

/** The page of the frames: it goes on by itself as soon as it can, so here its script and its patience are taken away. */
async function standStill(page: Page): Promise<void> {
  await page.route("**/signin/frames-*.js", (route) => route.abort());
  await page.route("https://crm.example/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>CRM</title>" }));
  await page.route("**/oauth2/sessions/logout", async (route) => {
    const answer = await route.fetch({ maxRedirects: 0 });
    const headers = answer.headers();
    delete headers["refresh"];
    await route.fulfill({ response: answer, headers });
  });
}

export const applicationPages: Shown[] = [
  ana("consent", async (page, world) => {
    await page.goto(authorization(world, "openid profile email groups offline_access", { prompt: "consent" }));
    await expect(page.getByRole("button", { name: "Do not allow" })).toBeVisible();
  }),
  ana("form-post", async (page, world) => {
    await page.route("**/signin/form-post-*.js", (route) => route.abort());
    await page.goto(authorization(world, "openid", { response_mode: "form_post", prompt: "consent" }));
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(page.getByRole("button", { name: "Continue" })).toBeVisible();
  }),
  ana("device-code", async (page, { primary }) => void (await page.goto(`/o/${primary.slug}/device`))),
  ana("device-code-unknown", async (page, { primary }) => {
    await page.goto(`/o/${primary.slug}/device?user_code=BBBB-BBBB`);
    await expect(page.getByRole("alert")).toBeVisible();
  }),
  ana("device-question", question),
  ana("device-allowed", async (page, world) => {
    await question(page, world);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Your device is signed in" })).toBeVisible();
  }),
  ana("device-denied", async (page, world) => {
    await question(page, world);
    await page.getByRole("button", { name: "Deny" }).click();
    await expect(page.getByRole("heading", { name: "The device was refused" })).toBeVisible();
  }),
  ana("application-sign-out", async (page, { primary, ids }) => {
    await page.goto(`/o/${primary.slug}/oauth2/sessions/logout?client_id=${ids.partner}`);
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
  }),
  ana("application-sign-out-refused", async (page, { primary, ids }) => {
    const query = new URLSearchParams({ client_id: ids.partner, post_logout_redirect_uri: "https://nobody.example/" });
    await page.goto(`/o/${primary.slug}/oauth2/sessions/logout?${query}`);
  }),
  {
    // In a browser of its own: Ana's session ends here.
    name: "signin-application-sign-out-frames",
    as: "stranger",
    open: async (page, world) => {
      const { primary, emails } = world;
      await page.context().clearCookies();
      await standStill(page);
      await page.goto(authorization(world, "openid", { login_hint: emails.ana, prompt: "consent" }));
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "SSO Login" }).click();
      await page.getByRole("button", { name: "Allow", exact: true }).click();
      await page.waitForURL("https://crm.example/**");
      await redeem(page, world);
      await page.goto(`/o/${primary.slug}/oauth2/sessions/logout`);
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect(page.getByRole("heading", { name: "Signing you out" })).toBeVisible();
    },
  },
  {
    // In a browser of its own, too; the page would go on by itself.
    name: "signin-application-signing-out-saml",
    as: "stranger",
    open: async (page, { primary, emails, ids }) => {
      await page.context().clearCookies();
      await page.route("https://okr.example/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>OKR</title>" }));
      await page.route("**/saml/logout?flow=*", async (route) => {
        const answer = await route.fetch({ maxRedirects: 0 });
        const headers = answer.headers();
        delete headers["refresh"];
        await route.fulfill({ response: answer, headers });
      });
      await page.goto(`/o/${primary.slug}/saml/${ids.okr}/sso`);
      await page.getByLabel("Email").fill(emails.ana);
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "SSO Login" }).click();
      await page.waitForURL("https://okr.example/**");
      await page.goto("/logout");
      await page.getByRole("button", { name: "Sign out" }).click();
      await expect(page.getByText("OKR software: is still to be told")).toBeVisible();
    },
  },
  {
    name: "signin-application-signed-out",
    as: "stranger",
    open: async (page, { primary }) => {
      // The page before goes on by itself, and must not do so in the middle of this.
      await page.goto("about:blank");
      await page.context().clearCookies();
      await page.goto(`/o/${primary.slug}/oauth2/sessions/logout`);
      await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
    },
  },
];
