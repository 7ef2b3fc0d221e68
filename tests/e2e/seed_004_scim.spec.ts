// Seed 004, second half: accounts of an application that people already sign in to by SAML. The receiver is a fake of ours
// (harness/scimReceiver.ts). Its outcome lines 6 to 13.
import type { Page } from "@playwright/test";
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { ENTERPRISE, type Resource, ScimReceiver } from "./harness/scimReceiver.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const LABEL = "Muster - SSO App";
const GROUP = "OKR Users";
const TOGGLE = "Enable management of User Groups and Group Membership in this application";
/** API Key and SCIM Key, as the application asks for it. */
const TOKEN = "api-key-4711.scim-key-0815";

test("seed 004, provisioning", async ({ page, muster }) => {
  const org = await organization(muster, "Acme");
  const ana = `ana@${org.slug}.example`;
  const console = new Console(page, muster, org);
  const receiver = await ScimReceiver.start(TOKEN);
  const at = <Body>(path: string, body: unknown) => must<Body>(muster, org, "POST", path, body);
  const account = () => receiver.named("ana");

  await test.step("what is there before: a person, a group and the SSO application", async () => {
    const person = { firstname: "Ana", lastname: "Okafor", jobTitle: "Engineer", department: "Platform" };
    const user = await at<{ _id: string }>("/api/systemusers", { username: "ana", email: ana, ...person });
    const group = await at<{ id: string }>("/api/v2/usergroups", { name: GROUP });
    await at(`/api/v2/usergroups/${group.id}/members`, { op: "add", type: "user", id: user._id });
    const app = await at<{ _id: string }>("/api/applications", { name: "saml2", displayLabel: LABEL, active: true });
    await at(`/api/v2/applications/${app._id}/associations`, { op: "add", type: "user_group", id: group.id });
    await console.open();
    await console.go("USER AUTHENTICATION", "SSO Applications");
    await console.row(LABEL).getByRole("link").click();
    await console.tab("Identity Management").click();
  });

  await test.step("6. Test Connection with a good and a bad token", async () => {
    await expect(console.field("API Type").first()).toHaveValue("SCIM API");
    await expect(console.field("SCIM Version").first()).toHaveValue("SCIM 2.0");
    await expect(page.getByRole("switch", { name: TOGGLE })).toBeChecked();
    await console.field("Base URL").fill(receiver.baseUrl);
    await console.field("Token Key").fill("wrong");
    await console.button("Test Connection").click();
    const checks = page.getByRole("list", { name: "Checks of the connection" });
    await expect(page.getByRole("alert").filter({ hasText: "The connection does not work yet" })).toBeVisible();
    await expect(checks.getByText("Failed").first()).toBeVisible();
    await expect(checks.getByText(/token is not valid/).first()).toBeVisible();
    await console.field("Token Key").fill(TOKEN);
    await console.button("Test Connection").click();
    await expect(page.getByText("The connection works.")).toBeVisible();
    await expect(checks.getByText("Passed").first()).toBeVisible();
    await expect(checks.getByText("Failed")).toHaveCount(0);
  });

  const before = receiver.calls.length;
  await test.step("7. Toggle off; Activate, Save", async () => {
    await page.getByRole("switch", { name: TOGGLE }).uncheck();
    await console.button("Activate").click();
    const plan = page.getByRole("dialog", { name: "What activation does" });
    await expect(plan.getByRole("row").filter({ hasText: "ana" }).getByText("Create", { exact: true })).toBeVisible();
    expect(receiver.users.size).toBe(0);
    await plan.getByRole("button", { name: "Approve and activate" }).click();
    await expect(page.getByRole("region", { name: "Provisioning status" })).toBeVisible();
    await console.saved(console.button("Save"));
    await page.reload();
    await expect(page.getByRole("switch", { name: TOGGLE })).not.toBeChecked();
    await expect(console.field("Base URL")).toHaveValue(receiver.baseUrl);
    await expect(console.field("Token Key")).toHaveValue("");
  });

  let id = "";
  await test.step("8. Create carries the six attributes", async () => {
    await expect.poll(account, "the account").toBeTruthy();
    id = account()?.id ?? "";
    expect(account()).toMatchObject({
      name: { givenName: "Ana", familyName: "Okafor" },
      active: true,
      title: "Engineer",
      [ENTERPRISE]: { department: "Platform" },
    });
    expect(emails(account())).toContain(ana);
    await page.getByRole("radiogroup", { name: "Part of Identity Management" }).getByText("Accounts").click();
    await expect(console.row("ana").getByText("In step")).toBeVisible();
  });

  await test.step("9. Title and department updated", async () => {
    await console.openUser(ana);
    await console.field("Job Title").fill("Staff Engineer");
    await console.field("Department").fill("Reliability");
    await console.saved(console.button("save user"));
    await expect.poll(() => account()?.["title"], "the title").toBe("Staff Engineer");
    expect(account()).toMatchObject({ id, [ENTERPRISE]: { department: "Reliability" } });
  });

  await test.step("10. Suspended -> inactive; back -> active", async () => {
    await menu(page, "Suspend");
    await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
    await expect.poll(() => account()?.["active"], "whether it is active").toBe(false);
    await menu(page, "Activate");
    await expect.poll(() => account()?.["active"], "whether it is active").toBe(true);
    expect(account()?.id).toBe(id);
  });

  await test.step("11. Unassigned -> inactive; reassigned -> the same id active", async () => {
    await console.go("USER MANAGEMENT", "User Groups");
    await console.row(GROUP).getByRole("link").click();
    await console.tab("Users").click();
    await page.getByRole("button", { name: /^Remove ana/ }).click();
    await expect.poll(() => account()?.["active"], "whether it is active").toBe(false);
    await page.getByRole("combobox", { name: /add/i }).fill(ana);
    await page.getByRole("option", { name: new RegExp(ana.replaceAll(".", "\\.")) }).click();
    await expect.poll(() => account()?.["active"], "whether it is active").toBe(true);
    expect(account()?.id).toBe(id);
    expect(receiver.users.size).toBe(1);
  });

  await test.step("12. Never a group call", () => {
    const calls = receiver.calls.slice(before);
    expect(calls.filter((call) => call.path.startsWith("/Groups"))).toEqual([]);
    expect(calls.some((call) => call.method === "PUT" && call.path === `/Users/${id}`)).toBe(true);
  });

  await test.step("13. Import makes the application's user here", async () => {
    const nora = `nora@${org.slug}.example`;
    receiver.has({ userName: "nora", email: nora, givenName: "Nora", familyName: "Lind", title: "Analyst" });
    await console.go("USER AUTHENTICATION", "SSO Applications");
    await console.row(LABEL).getByRole("link").click();
    await console.tab("Identity Management").click();
    await page.getByRole("radiogroup", { name: "Part of Identity Management" }).getByText("Import users").click();
    await page.getByRole("checkbox", { name: /Nora/ }).check();
    await console.button("Import 1 selected").click();
    await page.getByRole("dialog").getByRole("button", { name: "Import", exact: true }).click();
    const results = page.getByRole("table", { name: "Result per user" });
    await expect(results.getByRole("row").filter({ hasText: nora }).getByText("Created", { exact: true })).toBeVisible();
    await console.openUser(nora);
    await expect(console.field("First Name")).toHaveValue("Nora");
    await expect(console.field("Job Title")).toHaveValue("Analyst");
  });

  await test.step("an account that cannot be sent shows why, and is sent when it can", async () => {
    receiver.down = true;
    await console.openUser(ana);
    await console.field("Job Title").fill("Principal");
    await console.saved(console.button("save user"));
    await console.go("USER AUTHENTICATION", "SSO Applications");
    await console.row(LABEL).getByRole("link").click();
    await console.tab("Identity Management").click();
    await page.getByRole("radiogroup", { name: "Part of Identity Management" }).getByText("Accounts").click();
    await console.button(/^Show .*(ana|Ana)/).click();
    const tape = page.getByRole("dialog");
    await expect(tape.getByText("503").first()).toBeVisible();
    receiver.down = false;
    await tape.getByRole("button", { name: "Retry now" }).click();
    await expect.poll(() => account()?.["title"], "the title").toBe("Principal");
  });
  await receiver.stop();
});

const emails = (account: Resource | undefined) => ((account?.["emails"] ?? []) as { value: string }[]).map((email) => email.value);

async function menu(page: Page, item: string): Promise<void> {
  await page.getByRole("button", { name: "Actions" }).first().click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}
