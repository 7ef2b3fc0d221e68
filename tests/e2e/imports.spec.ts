// People from a CSV file as an administrator meets them: what the columns mean, what would follow, the import, what was
// refused mended and imported again, and the export.
import { readFileSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

async function choose(page: Page, rows: string[], name = "people.csv"): Promise<void> {
  await page.getByLabel("File of people").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(rows.join("\r\n")) });
}

async function saved(page: Page, button: string): Promise<{ name: string; text: string }> {
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const file = await waiting;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8").replace("\uFEFF", "") };
}

interface User {
  email: string;
  department: string;
  lastname: string;
  attributes: { name: string; value: string }[];
  phoneNumbers: { type: string; number: string }[];
}

test("imports", async ({ page, muster }) => {
  const org = await organization(muster, "Imports");
  const ask = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, org, method, path, body);
  const at = (name: string) => `${name}@${org.slug}.example`;
  await ask("POST", "/api/systemusers", { username: "ana", email: at("ana"), department: "Engineering" });
  await ask("POST", "/api/systemusers", { username: "ben", email: at("ben") });
  const memberQuery = { filters: [{ field: "department", operation: "equals", value: "Sales" }] };
  await ask("POST", "/api/v2/usergroups", { name: "Sellers", membershipMethod: "DYNAMIC_AUTOMATED", memberQuery });
  const everybody = async () => (await ask<{ results: User[] }>("GET", "/api/systemusers?limit=100")).results;
  const one = async (name: string) => (await everybody()).find((user) => user.email === at(name));
  const console = new Console(page, muster, org);
  await console.open();
  const outcome = (name: string) => page.getByRole("group", { name: "Show only rows of one result" }).getByRole("button", { name });

  await test.step("Users leads to the page, which says what a file is", async () => {
    await console.go("USER MANAGEMENT", "Users");
    await page.getByRole("link", { name: "Import people" }).click();
    await expect(page).toHaveURL(/\/imports$/);
    await expect(console.heading("Import people from a CSV file")).toBeVisible();
    await console.go("DIRECTORY INTEGRATIONS", "Imports");
  });

  await test.step("a file that is none says what to do", async () => {
    await choose(page, ["email,name"]);
    await expect(page.getByRole("alert")).toContainText("has no row below");
  });

  await test.step("columns are guessed from their names; a strange one is chosen", async () => {
    await choose(page, [
      "E-Mail Address;Surname;Abteilung;Ausweis;Durchwahl;Notiz;Manager",
      `${at("ana")};Okafor;Sales;A-17;+41 31 000 00 01;x;`,
      `${at("zoe")};Zoë, the elder;Sales;;;y;nobody`,
      "nobody at all;Wrong;Sales;;;z;",
    ]);
    await expect(page.getByText("3 rows", { exact: true })).toBeVisible();
    const target = (column: string) => page.getByLabel(`Import ${column} as`, { exact: true });
    await expect(target("E-Mail Address")).toHaveValue("Company Email");
    await expect(target("Surname")).toHaveValue("Last Name");
    for (const column of ["Abteilung", "Ausweis", "Notiz"]) await expect(target(column)).toHaveValue("Do not import");
    await expect(console.row("Abteilung")).toContainText("Sales");
    const map = async (column: string, option: string) => {
      await target(column).click();
      await page.getByRole("option", { name: option, exact: true }).click();
    };
    await map("Abteilung", "Last Name");
    await expect(page.getByText("“Surname” is Last Name already. Choose one of the two.")).toBeVisible();
    await map("Abteilung", "Department");
    await map("Ausweis", "Custom attribute");
    await expect(page.getByLabel("Attribute Name of Ausweis")).toHaveValue("Ausweis");
    await page.getByLabel("Attribute Name of Ausweis").fill("badge");
    await map("Durchwahl", "Work phone");
  });

  await test.step("people must be known by a column that is there", async () => {
    await page.getByRole("radio", { name: "Username" }).check();
    await console.button("Preview").click();
    await expect(page.getByText("Choose the column that is Username: people are matched by it.")).toBeVisible();
    await page.getByRole("radio", { name: "Company Email" }).check();
  });

  await test.step("the preview tells what would follow and keeps nothing", async () => {
    await console.button("Preview").click();
    await expect(console.button("Import 2 people")).toBeEnabled();
    for (const words of ["1 Create", "1 Update", "0 Unchanged", "0 Passed over", "1 Refused", "1 Incomplete"]) await expect(outcome(words)).toBeVisible();
    await expect(console.row("nobody at all")).toContainText("Company Email:");
    await outcome("1 Incomplete").click();
    await expect(console.row(at("zoe"))).toContainText("Manager left out: no person has this");
    await expect(console.row(at("zoe"))).toContainText("Create");
    await expect(console.row("Sellers")).toContainText("2");
    await outcome("1 Update").click();
    await expect(console.row("nobody at all")).toBeHidden();
    for (const text of ["Department: Engineering → Sales", "Attribute badge: nothing → A-17", "Work phone: nothing → +41 31 000 00 01"]) {
      await expect(console.row(at("ana"))).toContainText(text);
    }
    await outcome("1 Update").click();
    await expect(console.row(at("zoe"))).toContainText("Create");
    const file = await saved(page, "Download as CSV");
    expect(file.text).toContain(`2,${at("ana")},Update,`);
    expect((await everybody()).length).toBe(2);
  });

  await test.step("what is large or wrong is confirmed, and the import tells what came of it", async () => {
    await console.button("Import 2 people").click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("1 person of 2 in the organization (50 %) will be changed.");
    await expect(dialog).toContainText("1 row is wrong and is left out.");
    await expect(dialog).toContainText("1 person is taken in without the manager that the file names.");
    await dialog.getByRole("button", { name: "Import 2 people" }).click();
    await expect(page.getByText("1 created, 1 updated, 1 refused; 1 incomplete.")).toBeVisible();
    const ana = await one("ana");
    expect([ana?.department, ana?.lastname, ana?.attributes[0]?.value, ana?.phoneNumbers[0]?.number]).toEqual(["Sales", "Okafor", "A-17", "+41 31 000 00 01"]);
    expect((await one("zoe"))?.lastname).toBe("Zoë, the elder");
  });

  await test.step("what was left out is mended and imported again", async () => {
    const { text } = await saved(page, "Download what was left out");
    const lines = text.split("\r\n");
    expect(lines[0]).toBe("E-Mail Address,Surname,Abteilung,Ausweis,Durchwahl,Notiz,Manager,Reason");
    expect(lines[1]).toContain('y,nobody,"Manager left out: no person has');
    expect(lines[2]).toMatch(/^nobody at all,Wrong,Sales,,,z,/);
    await console.button("Import another file").click();
    await choose(page, [lines[0] ?? "", (lines[2] ?? "").replace("nobody at all", at("carl"))], "import-left-out.csv");
    await page.getByRole("checkbox", { name: "Update people who are here already" }).uncheck();
    await console.button("Preview").click();
    await console.button("Import 1 person").click();
    await expect(page.getByText("1 created.", { exact: true })).toBeVisible();
  });

  await test.step("the people are in Users", async () => {
    await page.getByRole("link", { name: "Go to Users" }).click();
    for (const name of ["ana", "zoe", "carl"]) await expect(console.row(at(name))).toBeVisible();
  });

  await test.step("all people are exported, in columns that are taken in again", async () => {
    await console.go("DIRECTORY INTEGRATIONS", "Imports");
    const file = await saved(page, "Export people");
    expect(file.name).toBe("users.csv");
    expect(file.text).toContain("attributes.badge");
    await choose(page, [file.text], "users.csv");
    await console.button("Preview").click();
    await expect(outcome("4 Unchanged")).toBeVisible();
    await expect(page.getByText("Nothing would change")).toBeVisible();
  });
});

test("an import in several parts can be stopped, goes on where it failed, and the page answers meanwhile", async ({ page, muster }) => {
  const org = await organization(muster, "Many imports");
  const console = new Console(page, muster, org);
  await console.open();
  await console.go("DIRECTORY INTEGRATIONS", "Imports");

  await test.step("a file of 100,000 rows is read without holding up the page", async () => {
    const rows = Array.from({ length: 100_000 }, (_, n) => `person${n}@${org.slug}.example,Person,Number ${n},Engineering`);
    const path = test.info().outputPath("many.csv");
    writeFileSync(path, ["email,firstname,lastname,department", ...rows].join("\n"));
    // The longest time between two frames while the file is read.
    await page.evaluate(() => {
      const seen = { longest: 0, last: performance.now() };
      (globalThis as unknown as { seen: typeof seen }).seen = seen;
      const frame = () => {
        seen.longest = Math.max(seen.longest, performance.now() - seen.last);
        seen.last = performance.now();
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    await page.getByLabel("File of people").setInputFiles(path);
    await expect(page.getByText("100,000 rows", { exact: true })).toBeVisible();
    const longest = await page.evaluate(() => (globalThis as unknown as { seen: { longest: number } }).seen.longest);
    expect(longest).toBeLessThan(1_000);
  });

  await test.step("a preview is cancelled", async () => {
    await console.button("Preview").click();
    await console.button("Cancel").click();
    await expect(page.getByText("The preview was cancelled before its end.")).toBeVisible();
    await expect(console.button("Import")).toBeDisabled();
    await console.button("Back to the columns").click();
  });

  await test.step("managers of a later part are no mistake, and a part that failed is sent again", async () => {
    const rows = Array.from({ length: 1_200 }, (_, n) => `person${n}@${org.slug}.example,${n < 1_199 ? `person1199` : ""}`);
    await choose(page, ["email,manager", ...rows], "managers.csv");
    await console.button("Preview").click();
    await expect(console.button("Import 1,200 people")).toBeEnabled({ timeout: 120_000 });
    let parts = 0;
    await page.route("**/api/v2/users/import", (route) => {
      parts += 1;
      return parts === 2 ? route.abort() : route.continue();
    });
    await console.button("Import 1,200 people").click();
    await expect(page.getByRole("alert")).toContainText("The server cannot be reached", { timeout: 120_000 });
    await expect(page.getByText("Import: 1,000 of 1,200 rows")).toBeVisible();
    await page.getByRole("link", { name: "Go to Users" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stay on this page" }).click();
    await console.button("Try again").click();
    await expect(page.getByText("1,200 created.", { exact: true })).toBeVisible({ timeout: 120_000 });
    expect(parts).toBe(3);
  });
});
