// A directory that Muster reads: an administrator enters an OpenLDAP server, looks at the plan, imports, and decides about
// those whom the guard holds.
import { Console } from "./harness/console.ts";
import { BASE, READER, READER_PASSWORD, Slapd } from "./harness/slapd.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

test("people and groups of an LDAP server are imported", async ({ browser, muster }) => {
  test.skip(!Slapd.isInstalled(), "slapd is not installed: run .ci/install");
  const slapd = await Slapd.start(["ana", "ben", "cleo"]);
  const org = await organization(muster, "Head Office");
  const context = await browser.newContext({ baseURL: muster.url });
  const console = new Console(await context.newPage(), muster, org);
  const { page } = console;
  await console.open();
  const plan = page.getByRole("table", { name: "Plan" });
  const results = page.getByRole("table", { name: "Results" });

  await test.step("LDAP is chosen; a wrong password is told in words", async () => {
    await console.go("DIRECTORY INTEGRATIONS", "SCIM Provisioning");
    await console.button("Choose LDAP Import").click();
    await expect(console.heading("LDAP Server")).toBeVisible();
    await console.field("Host").fill("127.0.0.1");
    await console.field("Port").fill(String(slapd.port));
    await console.choose("Encryption", "Not encrypted (port 389)");
    await console.field("Bind DN").fill(READER);
    await page.getByLabel("Password", { exact: true }).fill("wrong");
    await console.field("Base DN").fill(BASE);
    await console.button("Test Connection").click();
    const checks = page.getByRole("list", { name: "Checks of the connection" });
    await expect(checks).toContainText("refuses the bind DN or its password");
    await page.getByLabel("Password", { exact: true }).fill(READER_PASSWORD);
    await console.button("Test Connection").click();
    await expect(page.getByText("The connection works.")).toBeVisible();
    await expect(checks).toContainText("3 people, such as ana");
  });

  await test.step("saved, it is previewed before it can be imported", async () => {
    await console.button("Save Connection").click();
    await expect(console.button("Import now")).toBeDisabled();
    await console.button("Preview").click();
    await expect(plan.getByRole("row").filter({ hasText: "ana" })).toContainText("Created");
    await expect(page.getByText("3 users created, 1 group created")).not.toHaveCount(0);
    await expect(page.getByRole("table", { name: "Groups that change" })).toContainText("Engineering");
  });

  await test.step("imported, they are here with their group", async () => {
    await console.button("Import now").click();
    await expect(results.getByRole("row").filter({ hasText: "ben" })).toContainText("Created");
    await console.tab("Users").click();
    await expect(page.getByRole("table", { name: "Users from this directory" })).toContainText("cleo@directory.example");
    await console.tab("Groups").click();
    const group = page.getByRole("table", { name: "Groups from this directory" }).getByRole("row");
    await expect(group.filter({ hasText: "Engineering" })).toContainText("3");
    await page.reload();
    await console.tab("Connection").click();
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  });

  await test.step("whoever goes there is held by a tight guard until it is approved", async () => {
    await page.getByLabel("Ask before more people leave than").fill("0");
    await console.button("Save Connection").click();
    slapd.remove("cleo");
    slapd.add("dan");
    await console.button("Preview").click();
    await expect(plan.getByRole("row").filter({ hasText: "cleo" })).toContainText("Held");
    // Nor does she leave the group meanwhile.
    await expect(plan.getByRole("row").filter({ hasText: "Engineering" })).toHaveCount(0);
    await console.button("Import now").click();
    await expect(results.getByRole("row").filter({ hasText: "dan" })).toContainText("Created");
    await expect(page.getByText("The guard holds people or groups of the last import")).toBeVisible();
    await console.button("Approve").click();
    await page.getByRole("dialog").getByRole("button", { name: "Approve" }).click();
    await expect(results.getByRole("row").filter({ hasText: "cleo" })).toContainText("Suspended");
    await expect(page.getByText("The guard holds people or groups of the last import")).toHaveCount(0);
  });
  await context.close();
  slapd.stop();
});
