// Google Workspace as an administrator connects it, beside a fake in Google's shapes: the form, a plan with a conflict that is
// decided about in the plan, the import, what is read-only then, and Home when Google refuses.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { GoogleServer } from "./harness/googleServer.ts";
import { lookedAt } from "./harness/serious.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

test("people and groups of Google Workspace are imported", async ({ page, muster }) => {
  const google = await GoogleServer.start();
  const org = await organization(muster, "Google Office");
  const ask = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, org, method, path, body);
  const at = (name: string) => `${name}@${org.slug}.example`;
  for (const name of ["ana", "ben"]) await ask("POST", "/api/systemusers", { username: name, email: at(name) });
  for (const name of ["ana", "ben", "zoe"]) google.user(name, at(name), { organizations: [{ title: "Engineer", primary: true }] });
  google.group("Engineering");
  const shot = (name: string) => test.info().outputPath(name);
  const console = new Console(page, muster, org);
  await console.open();
  const plan = page.getByRole("table", { name: "Plan" });
  const results = page.getByRole("table", { name: "Results" });
  const row = (table: typeof plan, text: string) => table.getByRole("row").filter({ hasText: text });
  const decide = async (name: string, choice: string) => {
    await page.getByRole("button", { name: `Decide about ${name}` }).click();
    await page.getByRole("menuitem", { name: choice }).click();
    await expect(page.getByRole("button", { name: `Take back the decision about ${name}` })).toBeVisible();
  };

  await test.step("the form: what is wrong is said at the field, and a test tells whom it can read", async () => {
    await console.go("DIRECTORY INTEGRATIONS", "SCIM Provisioning");
    await console.button("Choose Google Workspace Import").click();
    await expect(console.heading("Google Workspace").first()).toBeVisible();
    await console.field("Administrator").fill("nobody");
    await console.field("Service Account Key").fill("{}");
    await console.field("API address").fill(google.address);
    await console.field("Token address").fill(`${google.address}/token`);
    await console.button("Save Connection").click();
    await expect(page.getByText(/administrator of the domain/i).first()).toBeVisible();
    expect(await lookedAt(page, "form", shot)).toEqual([]);
    await console.field("Administrator").fill("admin@google.example");
    await console.field("Service Account Key").fill(google.keyFile);
    await console.button("Test Connection").click();
    await expect(page.getByText("The connection works.")).toBeVisible();
    expect(await lookedAt(page, "tested", shot)).toEqual([]);
    await console.button("Save Connection").click();
  });

  await test.step("who is here already is a conflict, decided about one by one", async () => {
    await console.button("Preview").click();
    await expect(row(plan, "zoe").first()).toContainText("Created");
    await expect(row(plan, "ana").first()).toContainText("Conflict");
    await decide("ana", "Take the user here over");
    await expect(row(plan, "ana").first()).toContainText("Taken over from the next run on.");
    await decide("ben", "Leave alone");
    expect(await lookedAt(page, "plan", shot)).toEqual([]);
    await console.button("Preview").click();
    await expect(row(plan, "ana").first()).toContainText("Taken over");
    await expect(row(plan, "ben").first()).toContainText("Left alone");
    await console.button("Import now").click();
    await expect(row(results, "ana").first()).toContainText("Taken over");
    await expect(row(results, "ben").first()).toContainText("Left alone");
    // People come before groups: the import has ended.
    await expect(row(results, "Engineering").first()).toContainText("Created");
    await expect(console.button("Import now")).toBeEnabled();
    const titles = await ask<{ results: { username: string; jobTitle: string }[] }>("GET", "/api/systemusers?sort=username");
    expect(titles.results.map((one) => [one.username, one.jobTitle])).toEqual([["ana", "Engineer"], ["ben", ""], ["zoe", "Engineer"]]);
  });

  await test.step("its group is read-only here, and says so", async () => {
    await console.go("USER MANAGEMENT", "User Groups");
    const groups = page.getByRole("table", { name: "User Groups" });
    await expect(row(groups, "Engineering")).toContainText("From Google Workspace");
    await row(groups, "Engineering").getByRole("link").click();
    await expect(page.getByText("keeps this group", { exact: false })).toBeVisible();
    await expect(console.field("Name")).not.toBeEditable();
    await expect(page.getByRole("radio", { name: "Dynamic" })).toHaveCount(0);
    await console.button("Actions").click();
    await expect(page.getByRole("menuitem", { name: "Copy" })).toBeVisible();
    await expect(page.getByRole("menuitem", { name: "Delete" })).toHaveCount(0);
    await page.keyboard.press("Escape");
    expect(await lookedAt(page, "group", shot)).toEqual([]);
    await console.field("Description").fill("Of Google");
    await console.saved(console.button("Save Group"));
    await console.tab("Users").click();
    await expect(page.getByText("add and remove them there", { exact: false })).toBeVisible();
    await expect(page.getByLabel("Add a user to this group")).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Remove ana" })).toHaveCount(0);
    await page.getByRole("tab", { name: "Details" }).click();
    await page.getByRole("link", { name: /^Google Workspace/ }).click();
    await expect(console.tab("Imports")).toBeVisible();
  });

  await test.step("when Google refuses, Home says so with the way there", async () => {
    google.refuses = true;
    await console.tab("Imports").click();
    await console.button("Import now").click();
    await expect(page.getByRole("alert").first()).toBeVisible();
    await page.goto(`/console/${org.slug}`);
    const lines = page.getByRole("list", { name: "Needs attention" }).getByRole("listitem");
    const line = lines.filter({ hasText: "It could not be read" });
    await expect(line).toContainText("Failed");
    expect(await lookedAt(page, "home", shot)).toEqual([]);
    await line.getByRole("link").click();
    await expect(console.tab("Imports")).toBeVisible();
  });
  await google.stop();
});
