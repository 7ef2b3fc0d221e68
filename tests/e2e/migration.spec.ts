// A whole organization as an administrator brings it: the connection is tested, the plan is looked at, the migration runs, and
// what was changed here by hand is left when it runs again. The source is another organization of a Muster.
import { readFileSync } from "node:fs";
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { lookedAt } from "./harness/serious.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

interface Listed<One> {
  results: One[];
}

test("migration", async ({ page, muster }) => {
  const [from, to] = [await organization(muster, "Old directory"), await organization(muster, "New directory")];
  const there = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, from, method, path, body);
  const here = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, to, method, path, body);
  const at = (name: string) => `${name}@${from.slug}.example`;
  const ids: Record<string, string> = {};
  for (const [name, department] of [["ana", "Sales"], ["ben", "Sales"], ["cai", "Ops"]] as const) {
    const user = { username: name, email: at(name), firstname: name, department };
    ids[name] = (await there<{ _id: string }>("POST", "/api/systemusers", user))._id;
  }
  const memberQuery = { filters: [{ field: "department", operation: "equals", value: "Sales" }] };
  const sellers = { name: "Sellers", membershipMethod: "DYNAMIC_AUTOMATED", memberQuery };
  const group = (await there<{ id: string }>("POST", "/api/v2/usergroups", sellers)).id;
  const config = { spEntityId: { value: "urn:wiki" }, acsUrl: { value: "https://wiki.example/acs" } };
  const app = { name: "saml2", displayLabel: "Wiki", active: true, config };
  const wiki = (await there<{ _id: string }>("POST", "/api/applications", app))._id;
  const bind = { op: "add", type: "user_group", id: group };
  await there("POST", `/api/v2/applications/${wiki}/associations`, bind);
  const user = async (name: string) => {
    const path = `/api/systemusers?filter=email:$eq:${encodeURIComponent(at(name))}`;
    const found = await here<Listed<{ _id: string; department: string }>>("GET", path);
    return found.results[0];
  };
  const shot = (name: string) => test.info().outputPath(name);
  const console = new Console(page, muster, to);
  await console.open();
  const outcome = (name: string) => page.getByRole("group", { name: "Show objects of one result" }).getByRole("button", { name });
  const migrate = async () => {
    await page.getByLabel("Base URL").fill(`${muster.url}/api/v2/`);
    await page.getByLabel("API Key").fill(from.admin.apiKey);
    await page.getByRole("button", { name: "Plan migration" }).click();
    await expect(page.getByText("This is the plan.")).toBeVisible();
  };
  const start = async () => {
    await page.getByRole("button", { name: "Start migration" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Start migration" }).click();
    await expect(page.getByText("The migration is done.")).toBeVisible();
  };

  await test.step("Imports has a tab for JumpCloud; a wrong key is told before anything begins", async () => {
    await console.go("DIRECTORY INTEGRATIONS", "Imports");
    await page.getByRole("tab", { name: "JumpCloud" }).click();
    await expect(page).toHaveURL(/tab=jumpcloud/);
    await expect(page.getByRole("button", { name: "Plan migration" })).toBeDisabled();
    await page.getByLabel("Base URL").fill(muster.url);
    await page.getByLabel("API Key").fill("jca_this_is_nobodys_key");
    await page.getByRole("button", { name: "Test Connection" }).click();
    await expect(page.getByRole("alert")).toContainText("the API key is not accepted");
    await page.getByLabel("API Key").fill(from.admin.apiKey);
    await page.getByRole("button", { name: "Test Connection" }).click();
    await expect(page.getByText(/The organization Old directory.* can be read: 3 people/)).toBeVisible();
    expect(await lookedAt(page, "form", shot)).toEqual([]);
  });

  await test.step("the plan tells what would follow, and nothing has changed", async () => {
    await migrate();
    await expect(console.heading("Migration from Old directory")).toBeVisible();
    await expect(console.row("Sellers").first()).toContainText("2");
    await outcome("Create").click();
    await expect(console.row(at("ana")).first()).toContainText("Person");
    await expect(console.row("Wiki").first()).toContainText("Application");
    await outcome("Cannot come").click();
    await expect(console.row("passwords of 3 people")).toContainText("activation mail");
    expect(await user("ana")).toBeUndefined();
    expect(await lookedAt(page, "plan", shot)).toEqual([]);
  });

  await test.step("all of one outcome are searched, and saved as a file", async () => {
    await outcome("Create").click();
    await page.getByLabel("Search objects").fill("WIKI");
    await expect(console.row(at("ana"))).toHaveCount(0);
    await expect(console.row("Wiki").first()).toBeVisible();
    await page.getByLabel("Search objects").fill("");
    await expect(console.row(at("ana")).first()).toBeVisible();
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export CSV" }).click();
    const file = readFileSync(await (await waiting).path(), "utf8");
    expect(file.split("\n").filter((line) => line.startsWith("created,user,"))).toHaveLength(3);
  });

  await test.step("somebody is left there, and that is taken back", async () => {
    await page.getByRole("button", { name: `Decide about ${at("cai")}` }).click();
    // By the keyboard: the menu stands at the window's edge, where it may turn upwards under the mouse.
    await page.getByRole("menuitem", { name: "Leave it there" }).press("Enter");
    await outcome("Leave there").click();
    await expect(console.row(at("cai"))).toContainText("as you decided");
    expect(await lookedAt(page, "left", shot)).toEqual([]);
    await page.getByRole("button", { name: `Take back the decision about ${at("cai")}` }).click();
    await expect(outcome("Leave there")).toHaveCount(0);
  });

  await test.step("it is carried out, and the report is saved", async () => {
    await start();
    await expect(outcome("Created")).toBeVisible();
    expect((await user("ana"))?.department).toBe("Sales");
    const groups = await here<{ id: string; memberCount: number }[]>("GET", "/api/v2/usergroups?filter=name:eq:Sellers");
    expect(groups[0]?.memberCount).toBe(2);
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download report" }).click();
    const report = readFileSync(await (await waiting).path(), "utf8");
    expect(report).toContain("passwords of 3 people");
    expect(report).not.toContain(from.admin.apiKey);
  });

  await test.step("again: what changed there comes, what was changed here by hand is left and told", async () => {
    const ana = await user("ana");
    await here("PUT", `/api/systemusers/${ana?._id}`, { department: "By hand" });
    await there("PUT", `/api/systemusers/${ids["ben"]}`, { department: "Ops" });
    await page.getByRole("button", { name: "All migrations" }).click();
    await migrate();
    await expect(console.row("Sellers").first()).toBeVisible();
    await outcome("Keep ours").click();
    await expect(console.row(at("ana"))).toContainText("department");
    await start();
    expect([(await user("ana"))?.department, (await user("ben"))?.department]).toEqual(["By hand", "Ops"]);
    const all = await here<Listed<unknown> & { totalCount: number }>("GET", "/api/systemusers?limit=1");
    expect(all.totalCount).toBe(3);
  });

  await test.step("the migrations are listed, and each can be looked at again", async () => {
    await page.getByRole("button", { name: "All migrations" }).click();
    await expect(page.getByRole("table", { name: "Migrations" }).getByText("Done")).toHaveCount(2);
    await page.getByRole("table", { name: "Migrations" }).getByRole("button", { name: "Old directory" }).first().click();
    await expect(page.getByText("The migration is done.")).toBeVisible();
  });
});
