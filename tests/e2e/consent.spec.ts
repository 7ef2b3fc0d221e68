// An application that somebody else runs: the person is asked once, may say no, and takes it back in the portal.
import { makeApplication } from "./harness/application.ts";
import { Person } from "./harness/person.ts";
import { RelyingParty } from "./harness/relyingParty.ts";
import { PASSWORD, team } from "./harness/team.ts";
import { expect, test } from "./harness/test.ts";

test("a person is asked, remembered, and takes it back", async ({ page, muster }) => {
  const { org, group, ana } = await team(muster);
  const app = await RelyingParty.start("Partner CRM");
  const made = await makeApplication(muster, org, {
    label: app.name,
    groups: [group],
    oidc: {
      redirectUris: [app.redirectUri],
      grantTypes: ["authorization_code", "refresh_token"],
      tokenEndpointAuthMethod: "client_secret_post",
      dynamicClaims: [{ name: "department", value: "department" }],
      consent: "required",
    },
  });
  await app.connect(org.issuer, made.clientId, made.clientSecret);
  const person = new Person(page, muster);
  const question = person.heading("Allow Partner CRM?");
  const dashboard = person.heading("Partner CRM dashboard");

  await test.step("asked: who asks, for what, as whom, and where it goes on", async () => {
    await page.goto(app.loginUrl);
    await person.enterEmail(ana.email);
    await person.password.fill(PASSWORD);
    await person.button("SSO Login").click();
    await expect(question).toBeVisible();
    const asked = page.getByRole("main");
    for (const words of ["not run by Acme", "who you are", "your e-mail address", "while you are away", "department"]) {
      await expect(asked).toContainText(words);
    }
    await expect(asked).toContainText(`Ana Okafor (${ana.email})`);
    await expect(asked.getByText(new URL(app.url).hostname, { exact: true })).toBeVisible();
  });

  await test.step("denied: the application is told, learns nothing, and the next time asks anew", async () => {
    await person.button("Do not allow").click();
    await expect(page.getByRole("alert")).toContainText("access_denied");
    expect(page.url()).toContain(app.url);
    expect(app.tokenRequests).toHaveLength(0);
    await page.goto(app.loginUrl);
    await expect(question).toBeVisible();
  });

  await test.step("allowed: signed in, and not asked a second time", async () => {
    await person.button("Allow").click();
    await expect(dashboard).toBeVisible();
    await expect(page.getByRole("table", { name: "Claims" })).toContainText("Engineering");
    await page.goto(app.loginUrl);
    await expect(dashboard).toBeVisible();
    await person.button("Refresh").click();
    await expect(page.getByText("Refreshed 1 times")).toBeVisible();
  });

  await test.step("taken back in the portal: its tokens stop, and it asks again", async () => {
    const portal = await page.context().newPage();
    await portal.goto(`/portal/${org.slug}/security`);
    const row = portal.getByRole("table", { name: "Allowed applications" }).getByRole("row").filter({ hasText: app.name });
    await expect(row).toContainText("acting for you while you are away");
    await row.getByRole("button", { name: "Take back what Partner CRM was allowed" }).click();
    await portal.getByRole("dialog", { name: "Take back what Partner CRM was allowed?" }).getByRole("button", { name: "Take back" }).click();
    await expect(portal.getByText("You allowed nothing to applications of others.")).toBeVisible();
    await person.button("Refresh").click();
    await expect(page.getByRole("alert")).toContainText("invalid_grant");
    await page.goto(app.loginUrl);
    await expect(question).toBeVisible();
  });
  await app.stop();
});
