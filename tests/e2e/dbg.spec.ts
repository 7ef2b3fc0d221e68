import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";
test("dbg", async ({ page, muster }) => {
  const org = await organization(muster, "Acme");
  const sso = { type: "oidc", hidden: false };
  const made = await must<{ _id: string }>(muster, org, "POST", "/api/applications", { name: "oidc", displayLabel: "Wiki", active: true, sso });
  await must(muster, org, "POST", `/api/v2/applications/${made._id}/sso`, { ...sso, oidc: { redirectUris: ["https://wiki.example/cb"] } });
  const console = new Console(page, muster, org);
  await console.open();
  await page.goto(`/console/${org.slug}/sso-applications/${made._id}?tab=sso`);
  const advanced = page.getByRole("region", { name: "Advanced" });
  await advanced.waitFor();
  await console.choose("Client Authentication Type", "Mutual TLS: certificate of an authority");
  const folds = advanced.getByRole("button", { expanded: false });
  while ((await folds.count()) > 0) await folds.first().click();
  await console.choose("Public Keys", "Entered here");
  await console.choose("Subject Identifier", "Pairwise: another in each application");
  await console.choose("ID Token Encryption", "ECDH-ES");
  for (const name of ["Require proof of possession (DPoP)", "Require signed requests", "In its own name (client credentials)", "Token exchange"]) await page.getByRole("checkbox", { name }).check();
  await console.field("Back-Channel Logout URI").fill("http://wiki.example/logout");
  await console.button("save").click();
  await expect(page.getByText("The address must start with https://")).toBeVisible();
  await page.addStyleTag({ content: ".savebar{display:none!important}" }).catch(() => {});
  for (const [width, scheme] of [[1440, "light"], [390, "dark"]] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.waitForTimeout(400);
    for (const [i, part] of (await advanced.locator(".fold").all()).entries()) await part.screenshot({ path: `/tmp/shots-console/fold-${width}-${i}.png` });
  }
});
