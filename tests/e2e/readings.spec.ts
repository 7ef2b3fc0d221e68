// An application that takes longer to read than a request may: its preview and its list of users show how far they are, and
// are cancelled. The receiver is a fake of ours (harness/scimReceiver.ts).
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { ScimReceiver } from "./harness/scimReceiver.ts";
import { lookedAt } from "./harness/serious.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const USERS = 750;
/** Eight pages: longer than the server waits before it tells how far it is. */
const PAGE_MS = 2500;
/** While it is looked at. A request may take ten seconds. */
const LOOKED_AT_MS = 8000;

test("an application that takes long is read in view, and no further when that is cancelled", async ({ page, muster }) => {
  const org = await organization(muster, "Slow");
  const console = new Console(page, muster, org);
  const receiver = await ScimReceiver.start("a-token");
  for (let n = 0; n < USERS; n += 1) {
    receiver.has({ userName: `p${n}`, email: `p${n}@there.example`, givenName: "P", familyName: String(n) });
  }
  const app = await must<{ _id: string }>(muster, org, "POST", "/api/applications", { name: "scim", displayLabel: "Slow app" });
  const shot = (name: string) => test.info().outputPath(name);
  const bar = page.getByRole("progressbar", { name: "Reading the application" });
  const dialog = page.getByRole("dialog", { name: "Preview" });
  /** Looks at a reading while it goes on, then lets it come to its end. */
  const look = async (name: string, at = bar) => {
    receiver.page_ms = LOOKED_AT_MS;
    expect(await lookedAt(page, name, shot)).toEqual([]);
    await expect(at).toBeVisible();
    receiver.page_ms = 0;
  };

  await test.step("a preview tells how far it is, and then the plan", async () => {
    await console.open();
    await page.goto(`/console/${org.slug}/sso-applications/${app._id}?tab=identity`);
    await console.field("Base URL").fill(receiver.baseUrl);
    await console.field("Token Key").fill(receiver.token);
    await page.getByRole("switch").uncheck();
    receiver.page_ms = PAGE_MS;
    await console.button("Preview").click();
    await expect(bar).toBeVisible();
    await expect(dialog.getByText(/^Reading the application: \d+ of 750$/)).toBeVisible();
    await look("reading");
    await expect(dialog.getByText("Nobody is meant to have an account there yet")).toBeVisible();
    await expect(bar).toHaveCount(0);
    await dialog.getByRole("button", { name: "Close" }).last().click();
  });

  await test.step("cancelled it is read no further, and nothing is said to be wrong", async () => {
    receiver.page_ms = PAGE_MS;
    await console.button("Preview").click();
    await expect(bar).toBeVisible();
    const stopped = page.waitForResponse((one) => one.request().method() === "DELETE" && one.url().includes("/readings/"));
    await dialog.getByRole("button", { name: "Cancel" }).click();
    expect((await stopped).status()).toBe(204);
    await expect(dialog).toHaveCount(0);
    await expect(console.button("Preview")).toBeEnabled();
    await expect(page.getByRole("alert")).toHaveCount(0);
  });

  await test.step("the list of users shows it where the search stands, and comes", async () => {
    await console.saved(console.button("Save"));
    await page.getByRole("radiogroup", { name: "Part of Identity Management" }).getByText("Import").click();
    await expect(bar).toBeVisible();
    await look("reading-users");
    await expect(console.row("p0@there.example")).toBeVisible();
    await expect(page.getByLabel("Search the application's users")).toBeVisible();
    // Further pages are of the same list.
    receiver.calls.length = 0;
    await page.getByLabel("Search the application's users").fill("p12@");
    await expect(console.row("p12@there.example")).toBeVisible();
    expect(receiver.calls).toEqual([]);
  });

  await test.step("an import that is cancelled while it reads takes nobody in", async () => {
    receiver.page_ms = PAGE_MS;
    await console.button("Import all").click();
    await page.getByRole("dialog", { name: "Import 1 user?" }).getByRole("button", { name: "Import", exact: true }).click();
    const going = page.getByRole("progressbar", { name: "The import" });
    await expect(going).toBeVisible();
    await console.button("Cancel").click();
    await expect(page.getByText("The import was cancelled. Nobody was imported.")).toBeVisible();
    await expect(going).toHaveCount(0);
    await look("import-cancelled", console.button("Back to the application's users"));
    await console.button("Back to the application's users").click();
    await page.getByLabel("Search the application's users").fill("p12@");
    await expect(console.row("p12@there.example")).toBeVisible();
  });

  await test.step("an import shows how far it reads, and then what became of each", async () => {
    receiver.page_ms = PAGE_MS;
    await console.button("Import all").click();
    await page.getByRole("dialog", { name: "Import 1 user?" }).getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByText(/^Reading the application: \d+ of 750$/)).toBeVisible();
    const going = page.getByRole("progressbar", { name: "The import" });
    // It goes on by itself: the page may be opened anew meanwhile.
    await page.reload();
    await look("importing", going);
    await expect(page.getByText("1 created.")).toBeVisible();
    await expect(console.row("p12@there.example")).toContainText("Created");
    await expect(going).toHaveCount(0);
  });
  await receiver.stop();
});
