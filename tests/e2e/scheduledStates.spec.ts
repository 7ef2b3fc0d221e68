// People let in or kept out at a time to come: scheduled on the list and on a person's page, seen where everything waits,
// taken back, and done when the time comes.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { lookedAt } from "./harness/serious.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

interface Scheduled {
  state: string;
  scheduledDate: string;
  systemUser: { username: string };
}

test.use({ timezoneId: "Europe/Zurich" });

test("scheduled suspensions and activations", async ({ page, muster }, info) => {
  const org = await organization(muster, "Schedules");
  const ask = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, org, method, path, body);
  const people: Record<string, string> = {};
  for (const [username, state] of [["ana", "ACTIVATED"], ["ben", "ACTIVATED"], ["cem", "STAGED"]] as const) {
    const made = await ask<{ _id: string }>("POST", "/api/systemusers", { username, email: `${username}@${org.slug}.example`, state });
    people[username] = made._id;
  }
  const waiting = async () => (await ask<Scheduled[]>("GET", "/api/v2/bulk/userstates")).map((one) => `${one.systemUser.username} ${one.state} ${one.scheduledDate}`);
  const console = new Console(page, muster, org);
  const year = new Date().getFullYear() + 1;
  const wrong: string[] = [];
  const look = async (name: string) => wrong.push(...(await lookedAt(page, name, (file) => info.outputPath(file))));
  await console.open();

  await test.step("where nothing waits, the page says how something comes there", async () => {
    await console.go("USER MANAGEMENT", "Users");
    await page.getByRole("link", { name: "Scheduled", exact: true }).click();
    await expect(console.heading("Nothing is scheduled")).toBeVisible();
    await look("scheduled-empty");
    await page.getByRole("link", { name: "Go to Users" }).click();
  });

  await test.step("two people chosen on the list are to be suspended; a time in the past is refused at the field", async () => {
    await page.getByRole("checkbox", { name: "Select ana" }).check();
    await page.getByRole("checkbox", { name: "Select ben" }).check();
    await console.button("Schedule Suspension").click();
    const dialog = page.getByRole("dialog", { name: "Schedule Suspension of 2 users" });
    await expect(dialog.getByText("In your time zone: Europe/Zurich, GMT+0")).toBeVisible();
    await expect(dialog.getByText("2 users (ana and ben) can no longer sign in")).toBeVisible();
    const schedule = dialog.getByRole("button", { name: "Schedule Suspension" });
    await dialog.getByLabel("Day").fill("2020-01-31");
    await schedule.click();
    await expect(dialog.getByText("This day is over. Choose one to come.")).toBeVisible();
    await dialog.getByLabel("Day").fill(`${year}-03-01`);
    await dialog.getByLabel("Time").fill("17:30");
    await expect(dialog.getByText("This day is over")).toHaveCount(0);
    await look("scheduled-dialog");
    await schedule.click();
    await expect(dialog).toBeHidden();
    await expect(console.row("ana@")).toContainText("Suspension:");
    await expect(console.row("cem@")).not.toContainText("Suspension:");
    // What was sent is the administrator's half past five, an hour behind UTC in winter.
    const at = `${year}-03-01T16:30:00.000Z`;
    expect((await waiting()).sort()).toEqual([`ana SUSPENDED ${at}`, `ben SUSPENDED ${at}`]);
    await look("scheduled-list-of-users");
  });

  await test.step("a person's page tells what waits, and takes it back", async () => {
    await console.row("ana@").getByRole("link").first().click();
    const line = page.getByRole("status").filter({ hasText: /^Suspension scheduled for .*1 Mar.*17:30|^Suspension scheduled for .*Mar 1.*05:30/ });
    await expect(line).toBeVisible();
    await look("scheduled-person");
    await line.getByRole("button", { name: "Cancel" }).click();
    await expect(line).toHaveCount(0);
    expect((await waiting()).map((one) => one.split(" ")[0])).toEqual(["ben"]);
  });

  await test.step("one is let in by their own menu, without a mail", async () => {
    await page.goto(`/console/${org.slug}/users/${people["cem"]}`);
    await console.button("Actions").click();
    await page.getByRole("menuitem", { name: "Schedule Activation" }).click();
    const dialog = page.getByRole("dialog", { name: "Schedule Activation of cem" });
    await dialog.getByLabel("Day").fill(`${year}-02-01`);
    await dialog.getByLabel("Send activation e-mails").uncheck();
    await look("scheduled-activation");
    await dialog.getByRole("button", { name: "Schedule Activation" }).click();
    await expect(page.getByText("Activation scheduled for")).toBeVisible();
  });

  await test.step("everything that waits is on one page, the next first, and is cancelled there", async () => {
    await console.go("USER MANAGEMENT", "Users");
    await page.getByRole("link", { name: "Scheduled (2)" }).click();
    const rows = page.getByRole("table", { name: "Scheduled changes" }).getByRole("row");
    await expect(rows).toHaveCount(3);
    await expect(rows.nth(1)).toContainText("cem");
    await expect(rows.nth(1)).toContainText("Activation");
    await look("scheduled-all");
    await page.getByRole("button", { name: "Cancel the activation of cem" }).click();
    await expect(rows).toHaveCount(2);
    await page.getByRole("checkbox", { name: "Select all on this page" }).check();
    await console.button("Cancel selected").click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel 1 scheduled change" }).click();
    await expect(console.heading("Nothing is scheduled")).toBeVisible();
    expect(await waiting()).toEqual([]);
  });

  await test.step("when the time comes it is done, and told", async () => {
    const soon = new Date(Date.now() + 5000).toISOString();
    await ask("POST", "/api/v2/bulk/userstates", { user_ids: [people["ben"]], state: "SUSPENDED", start_date: soon });
    await page.goto(`/console/${org.slug}/users/${people["ben"]}`);
    await expect(page.getByText("Suspension scheduled for")).toBeVisible();
    // The open page tells by itself.
    await expect(page.locator(".page-head").getByText("Suspended")).toBeVisible();
    await expect(page.getByText("Suspension scheduled for")).toHaveCount(0);
    await page.goto(`/console/${org.slug}/users/scheduled?status=finished`);
    await expect(console.row("ben@")).toContainText("Suspension");
  });
  expect(wrong).toEqual([]);
});
