// The advanced settings of an application's sign-in: shut and safe for who does not need them; opened, each is saved
// under its registered name, shown again, and refused with a reason at its field.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const KEYS = JSON.stringify({
  keys: [{ kty: "OKP", crv: "Ed25519", kid: "one", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }],
});

test("advanced settings of an application", async ({ page, muster }) => {
  const org = await organization(muster, "Acme");
  const sso = { type: "oidc", hidden: false };
  const made = await must<{ _id: string }>(muster, org, "POST", "/api/applications", { name: "oidc", displayLabel: "Wiki", active: true, sso });
  const path = `/api/v2/applications/${made._id}/sso`;
  await must(muster, org, "POST", path, { ...sso, oidc: { redirectUris: ["https://wiki.example/cb"] } });
  const held = async () => (await must<{ oidc: Record<string, unknown> }>(muster, org, "GET", path)).oidc;
  const before = await held();
  const console = new Console(page, muster, org);
  await console.open();
  const advanced = page.getByRole("region", { name: "Advanced" });
  const fold = (name: string) => advanced.getByRole("button", { name: new RegExp(`^${name}`) });
  const check = (name: string) => advanced.getByRole("checkbox", { name });
  const open = async () => {
    await page.goto(`/console/${org.slug}/sso-applications/${made._id}?tab=sso`);
    await expect(advanced).toBeVisible();
  };
  const save = async () => {
    await console.button("save").click();
    await expect(page.getByText(/unsaved change/)).toHaveCount(0);
  };

  await test.step("shut, and unchanged by a save of something else", async () => {
    await open();
    await expect(console.field("Access Token Format")).toBeHidden();
    await console.field("Login URL").fill("https://wiki.example/login");
    await save();
    expect(await held()).toEqual({ ...before, relyingPartyUrl: "https://wiki.example/login" });
  });

  await test.step("keys: what the way to authenticate needs is shown, and missing keys are told", async () => {
    await console.choose("Client Authentication Type", "Private Key JWT");
    await expect(console.field("Assertion Signing Algorithm")).toBeVisible();
    await console.button("save").click();
    await expect(advanced.getByText("needs the application's public keys").first()).toBeVisible();
    await console.choose("Public Keys", "Entered here");
    await console.field("Key Set").fill('{"keys":[{"kty":"EC","d":"secret"}]}');
    await expect(advanced.getByText(/It holds a private key/)).toBeVisible();
    await console.field("Key Set").fill(KEYS);
    await save();
    expect(await held()).toMatchObject({ tokenEndpointAuthMethod: "private_key_jwt", jwks: JSON.parse(KEYS) });
  });

  await test.step("requests, tokens, logout, consent and grants are saved under their registered names", async () => {
    await fold("Requests").click();
    await check("Require pushed requests (PAR)").check();
    await console.field("Oldest Sign-in").fill("30");
    await console.field("Initiate Login URI").fill("https://wiki.example/start");
    await fold("Tokens").click();
    await console.choose("Access Token Format", "Opaque");
    await console.field("Access Token Lifetime").fill("15");
    await console.choose("Access Token Lifetime: unit", "minutes");
    await console.choose("Userinfo Signing", "ES256");
    await fold("Logout").click();
    await expect(check("The application needs the session (sid)")).toBeHidden();
    await console.field("Back-Channel Logout URI").fill("https://wiki.example/bc");
    await check("The application needs the session (sid)").check();
    await fold("Consent").click();
    await console.choose("Asking People", "Third party: each person is asked once");
    await fold("Grants").click();
    await check("In its own name (client credentials)").check();
    await console.field("Its Own Scopes").fill("reports.read");
    await page.keyboard.press("Enter");
    await save();
    expect(await held()).toMatchObject({
      requirePushedAuthorizationRequests: true,
      requirePkce: true,
      defaultMaxAge: 1800,
      initiateLoginUri: "https://wiki.example/start",
      accessTokenFormat: "opaque",
      accessTokenLifespan: "15m",
      userinfoSignedResponseAlg: "ES256",
      backchannelLogoutUri: "https://wiki.example/bc",
      backchannelLogoutSessionRequired: true,
      consent: "required",
      grantTypes: ["authorization_code", "client_credentials"],
      scope: "reports.read",
      jwks: JSON.parse(KEYS),
    });
  });

  await test.step("after a reload each part says how much is set in it; what is cleared is gone", async () => {
    await open();
    await expect(fold("Requests")).toContainText("3 set");
    await expect(fold("Logout")).toContainText("2 set");
    await expect(fold("Tokens")).toContainText("3 set");
    await fold("Logout").click();
    await console.field("Front-Channel Logout URI").fill("https://elsewhere.example/fc");
    await console.button("save").click();
    await expect(advanced.getByText("on the same host and port as one of the redirect URIs")).toBeVisible();
    await console.field("Front-Channel Logout URI").fill("");
    await check("The application needs the session (sid)").uncheck();
    await console.field("Back-Channel Logout URI").fill("");
    await save();
    expect((await held())["backchannelLogoutUri"] ?? null).toBeNull();
  });
});
