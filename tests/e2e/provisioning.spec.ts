// Accounts out to an application beyond the seeds: a mapping change shown before it is sent, pause and resume, drift found and
// repaired, the delete guard. The receiver is a fake of ours (harness/scimReceiver.ts).
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { ScimReceiver } from "./harness/scimReceiver.ts";
import { lookedAt } from "./harness/serious.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const LABEL = "Expense reports";

test("what is sent is shown before, can rest, is compared, and is not taken away by mistake", async ({ page, muster }) => {
  const org = await organization(muster, "Acme");
  const console = new Console(page, muster, org);
  const receiver = await ScimReceiver.start("a-token");
  const at = <Body>(method: string, path: string, body: unknown) => must<Body>(muster, org, method, path, body);
  const group = await at<{ id: string }>("POST", "/api/v2/usergroups", { name: "Everybody" });
  const people: string[] = [];
  for (const username of ["ana", "ben"]) {
    const person = { username, email: `${username}@${org.slug}.example`, firstname: username, jobTitle: "Engineer", location: "Lagos" };
    const made = await at<{ _id: string }>("POST", "/api/systemusers", person);
    people.push(made._id);
    await at("POST", `/api/v2/usergroups/${group.id}/members`, { op: "add", type: "user", id: made._id });
  }
  const app = await at<{ _id: string }>("POST", "/api/applications", { name: "scim", displayLabel: LABEL });
  await at("POST", `/api/v2/applications/${app._id}/associations`, { op: "add", type: "user_group", id: group.id });
  const status = page.getByRole("region", { name: "Provisioning status" });
  const show = (view: string) => page.getByRole("radiogroup", { name: "Part of Identity Management" }).getByText(view).click();
  const ana = () => receiver.named("ana");

  await test.step("Save comes before Activate as well", async () => {
    await console.open();
    await page.goto(`/console/${org.slug}/sso-applications/${app._id}?tab=identity`);
    await console.field("Base URL").fill("nowhere");
    await console.button("Save").click();
    await expect(page.getByText("This is not a full address.")).toBeVisible();
    await expect(console.field("Base URL")).toBeFocused();
    await console.field("Base URL").fill(receiver.baseUrl);
    await console.field("Token Key").fill(receiver.token);
    await page.getByRole("switch").uncheck();
    await console.saved(console.button("Save"));
    await console.button("Activate").click();
    await page.getByRole("button", { name: "Approve and activate" }).click();
    await expect(status.getByRole("button", { name: /In step/ })).toContainText("2");
  });

  await test.step("a change of the mapping is shown before it is sent", async () => {
    await console.button("Edit the mapping").click();
    await console.button("Add Attribute").click();
    const row = page.getByRole("group", { name: "mapping 24" });
    await row.getByRole("combobox", { name: "SCIM Attribute" }).fill("nickName");
    await row.getByRole("combobox", { name: "Muster Attribute Name" }).fill("location");
    await page.keyboard.press("Escape");
    await console.button("Save").click();
    const plan = page.getByRole("dialog", { name: "What this change does" });
    await expect(plan.getByText("2 are updated")).toBeVisible();
    await expect(plan.getByText("nickName: — → Lagos").first()).toBeVisible();
    expect(ana()?.["nickName"]).toBeUndefined();
    await plan.getByRole("button", { name: "Approve and save" }).click();
    await expect.poll(() => ana()?.["nickName"], "the nick name").toBe("Lagos");
  });

  await test.step("paused it gathers, resumed it sends", async () => {
    await status.getByRole("button", { name: "Pause" }).click();
    await expect(status.getByText("Paused")).toBeVisible();
    await at("PUT", `/api/systemusers/${people[0]}`, { jobTitle: "Principal" });
    await expect(status.getByRole("button", { name: /Waiting/ })).toContainText("1");
    expect(ana()?.["title"]).toBe("Engineer");
    await status.getByRole("button", { name: "Resume" }).click();
    await expect.poll(() => ana()?.["title"], "the title").toBe("Principal");
  });

  await test.step("what was changed there is found and repaired", async () => {
    const account = ana();
    if (account) account["title"] = "Boss";
    await show("Drift");
    await console.button("Compare now").click();
    const row = page.getByRole("table", { name: "Drift" }).getByRole("row").filter({ hasText: "ana" });
    await expect(row.getByText("Boss")).toBeVisible();
    await console.button("Repair").click();
    await page.getByRole("dialog").getByRole("button", { name: "Repair" }).click();
    await expect.poll(() => ana()?.["title"], "the title").toBe("Principal");
  });

  await test.step("the delete guard holds what it should, until it is approved", async () => {
    await show("Settings");
    await console.field("More than (accounts)").fill("0");
    await console.saved(console.button("Save"));
    await at("POST", `/api/v2/usergroups/${group.id}/members`, { op: "remove", type: "user", id: people[1] });
    await expect(status.getByText("Held by the delete guard")).toBeVisible();
    expect(receiver.named("ben")?.["active"]).toBe(true);
    await status.getByRole("button", { name: /^1 Held/ }).click();
    await expect(console.row("ben").getByText("Held")).toBeVisible();
    await status.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await expect.poll(() => receiver.named("ben")?.["active"], "whether it is active").toBe(false);
  });

  await test.step("deactivated it sends nothing more", async () => {
    await status.getByRole("button", { name: "Deactivate" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
    await expect(status).toHaveCount(0);
    await expect(page.getByText("Not activated")).toBeVisible();
  });
  await receiver.stop();
});

test("somebody is left out in the plan; the list of applications and Home tell when nothing can be sent", async ({ page, muster }) => {
  const org = await organization(muster, "Plans");
  const console = new Console(page, muster, org);
  const receiver = await ScimReceiver.start("a-token");
  const at = <Body>(method: string, path: string, body: unknown) => must<Body>(muster, org, method, path, body);
  const shot = (name: string) => test.info().outputPath(name);
  const app = await at<{ _id: string }>("POST", "/api/applications", { name: "scim", displayLabel: LABEL });
  await at("POST", "/api/applications", { name: "oidc", displayLabel: "Wiki" });
  const people: string[] = [];
  for (const username of ["ana", "ben"]) {
    const person = { username, email: `${username}@${org.slug}.example`, jobTitle: "Engineer" };
    const made = await at<{ _id: string }>("POST", "/api/systemusers", person);
    people.push(made._id);
    await at("POST", `/api/v2/applications/${app._id}/associations`, { op: "add", type: "user", id: made._id });
  }
  const tab = `/console/${org.slug}/sso-applications/${app._id}?tab=identity`;
  const list = page.getByRole("table", { name: "Configured Applications" });

  await test.step("decided in the plan, before the settings were ever saved", async () => {
    await console.open();
    await page.goto(tab);
    await console.field("Base URL").fill(receiver.baseUrl);
    await console.field("Token Key").fill(receiver.token);
    await page.getByRole("switch").uncheck();
    await console.button("Activate").click();
    const plan = page.getByRole("dialog", { name: "What activation does" });
    await expect(plan.getByText("2 are created")).toBeVisible();
    await plan.getByRole("button", { name: "Decide about ben" }).click();
    await page.getByRole("menuitem", { name: "Leave alone" }).click();
    await expect(plan.getByText("It is left alone, as you decided")).toBeVisible();
    await expect(plan.getByText("1 is created")).toBeVisible();
    expect(await lookedAt(page, "plan", shot)).toEqual([]);
    await plan.getByRole("button", { name: "Approve and activate" }).click();
    await expect.poll(() => receiver.named("ana"), "ana's account").toBeTruthy();
    expect(receiver.named("ben")).toBeUndefined();
  });

  await test.step("the list says what is sent where", async () => {
    await console.go("USER AUTHENTICATION", "SSO Applications");
    await expect(list.getByRole("row").filter({ hasText: LABEL })).toContainText("Active");
    await expect(list.getByRole("row").filter({ hasText: "Wiki" })).toContainText("Not set up");
  });

  await test.step("a refused token stands in the list, behind its filter, and on Home", async () => {
    const authentication = { type: "bearer", secret: "another-token" };
    await at("PUT", `/api/v2/applications/${app._id}/provision`, { baseUrl: receiver.baseUrl, authentication });
    await at("PUT", `/api/systemusers/${people[0]}`, { jobTitle: "Principal" });
    await expect(async () => {
      await page.reload();
      await expect(list.getByRole("row").filter({ hasText: LABEL })).toContainText("Unreachable", { timeout: 2000 });
    }).toPass();
    await page.getByRole("button", { name: "Identity Management", exact: true }).click();
    await page.getByRole("menuitemradio", { name: "Needs attention" }).click();
    await expect(page).toHaveURL(/accounts=trouble/);
    await expect(list.getByRole("row").filter({ hasText: "Wiki" })).toHaveCount(0);
    expect(await lookedAt(page, "list", shot)).toEqual([]);
    await page.goto(`/console/${org.slug}`);
    const line = page.getByRole("list", { name: "Needs attention" }).getByRole("listitem").filter({ hasText: LABEL });
    await expect(line.first()).toContainText("Unreachable");
    expect(await lookedAt(page, "home", shot)).toEqual([]);
    await line.first().getByRole("link").click();
    await expect(console.tab("Identity Management")).toHaveAttribute("aria-selected", "true");
  });

  await test.step("mended, nothing needs anybody any more", async () => {
    const authentication = { type: "bearer", secret: receiver.token };
    await at("PUT", `/api/v2/applications/${app._id}/provision`, { baseUrl: receiver.baseUrl, authentication });
    await expect.poll(() => receiver.named("ana")?.["title"], "the title").toBe("Principal");
    await page.goto(`/console/${org.slug}`);
    await expect(page.getByRole("listitem").filter({ hasText: "Unreachable" })).toHaveCount(0);
  });
  await receiver.stop();
});

test("somebody whose account there has another name is given it, in the plan and afterwards", async ({ page, muster }) => {
  const org = await organization(muster, "Names");
  const console = new Console(page, muster, org);
  const receiver = await ScimReceiver.start("a-token");
  const at = <Body>(method: string, path: string, body: unknown) => must<Body>(muster, org, method, path, body);
  const shot = (name: string) => test.info().outputPath(name);
  const app = await at<{ _id: string }>("POST", "/api/applications", { name: "scim", displayLabel: LABEL });
  for (const [username, displayname] of [["ana", "Ana Okafor"], ["ben", "Ben Sola"]] as const) {
    const person = { username, displayname, email: `${username}@${org.slug}.example`, jobTitle: "Engineer" };
    const made = await at<{ _id: string }>("POST", "/api/systemusers", person);
    await at("POST", `/api/v2/applications/${app._id}/associations`, { op: "add", type: "user", id: made._id });
  }
  const hers = receiver.has({ userName: "aokafor1987", email: "ana.okafor@private.example", givenName: "Ana", familyName: "Okafor" });
  const his = receiver.has({ userName: "bsola", email: "sola@private.example", givenName: "Benjamin", familyName: "Sola" });
  const picker = (name: string) => page.getByRole("dialog", { name: `Which account is ${name}'s?` });
  const plan = page.getByRole("dialog", { name: "What activation does" });

  await test.step("the plan would make another one; the account is found by name and chosen", async () => {
    await console.open();
    await page.goto(`/console/${org.slug}/sso-applications/${app._id}?tab=identity`);
    await console.field("Base URL").fill(receiver.baseUrl);
    await console.field("Token Key").fill(receiver.token);
    await page.getByRole("switch").uncheck();
    await console.button("Activate").click();
    await expect(plan.getByText("2 are created")).toBeVisible();
    await plan.getByRole("button", { name: "Decide about ana" }).click();
    await page.getByRole("menuitem", { name: "Choose the account there" }).click();
    await picker("ana").getByLabel("Search by name or e-mail").fill("okafor");
    await expect(picker("ana").getByRole("row").filter({ hasText: "bsola" })).toHaveCount(0);
    await expect(picker("ana").getByRole("row").filter({ hasText: "aokafor1987" })).toContainText("Nobody");
    expect(await lookedAt(page, "picker", shot)).toEqual([]);
    await picker("ana").getByRole("button", { name: "Take over aokafor1987" }).click();
    await expect(plan.getByText("1 is there already and is adopted")).toBeVisible();
    await expect(plan.getByText("userName: aokafor1987 → ana")).toBeVisible();
  });

  await test.step("nobody else is offered it", async () => {
    await plan.getByRole("button", { name: "Decide about ben" }).click();
    await page.getByRole("menuitem", { name: "Choose the account there" }).click();
    const row = picker("ben").getByRole("row").filter({ hasText: "aokafor1987" });
    await expect(row).toContainText("Chosen for Ana Okafor");
    await expect(row.getByRole("button", { name: "Take over aokafor1987" })).toBeDisabled();
    await page.keyboard.press("Escape");
    await expect(picker("ben")).toBeHidden();
    await plan.getByRole("button", { name: "Decide about ben" }).click();
    await page.getByRole("menuitem", { name: "Leave alone" }).click();
    await expect(plan.getByText("It is left alone, as you decided")).toBeVisible();
    await plan.getByRole("button", { name: "Approve and activate" }).click();
    await expect.poll(() => receiver.users.get(hers)?.["title"], "the title of ana's account").toBe("Engineer");
    expect([receiver.users.size, receiver.users.get(hers)?.["userName"]]).toEqual([2, "ana"]);
  });

  await test.step("who has none yet is given one from their tape", async () => {
    await page.getByRole("radiogroup", { name: "Part of Identity Management" }).getByText("Accounts").click();
    await console.button("Show ben").click();
    await console.button("Choose the account there").click();
    await expect(picker("ben").getByRole("row").filter({ hasText: "Ana Okafor has it" })).toBeVisible();
    await picker("ben").getByRole("button", { name: "Take over bsola" }).click();
    await expect.poll(() => receiver.users.get(his)?.["title"], "the title of ben's account").toBe("Engineer");
    expect(receiver.users.size).toBe(2);
  });
  await receiver.stop();
});
