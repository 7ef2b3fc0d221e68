// What is known of a person: an administrator edits manager, phone numbers, addresses and SSH keys; the person edits
// their own part of it in the portal.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { Person } from "./harness/person.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const PASSWORD = "seven copper kettles sing";
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBA7ZAEpPacRoubyZl7dFBZbqXIoDaTIiMF/4lLTFJaj ana@laptop";

interface Known {
  manager: string | null;
  alternateEmail: string;
  phoneNumbers: object[];
  addresses: object[];
  ssh_keys: { name: string }[];
}

test("a person's profile, by an administrator and by themselves", async ({ page, browser, muster }) => {
  const org = await organization(muster, "Acme");
  const [ana, boss] = [`ana@${org.slug}.example`, `boss@${org.slug}.example`];
  const made = await must<{ _id: string }>(muster, org, "POST", "/api/systemusers", { username: "ana", email: ana, password: PASSWORD });
  const led = await must<{ _id: string }>(muster, org, "POST", "/api/systemusers", { username: "boss", email: boss, firstname: "Bola", lastname: "Sesay" });
  const known = () => must<Known>(muster, org, "GET", `/api/systemusers/${made._id}`);
  const console = new Console(page, muster, org);
  await console.open();
  await console.openUser(ana);

  await test.step("the manager is found and shown by name", async () => {
    const manager = page.getByRole("combobox", { name: "Manager" });
    await manager.fill("bola");
    await page.getByRole("option", { name: /Bola Sesay/ }).click();
    await expect(manager).toHaveValue(/Bola Sesay/);
  });

  await test.step("a wrong number is told when the field is left, a new row has the keyboard", async () => {
    await console.button("Add phone number").click();
    const number = console.field("Phone Number");
    await expect(number).toBeFocused();
    await page.keyboard.type("call me");
    await page.keyboard.press("Tab");
    await expect(page.getByText("Use digits, spaces and + ( ) - . only")).toBeVisible();
    await number.fill("+234 1 555 0100");
    await expect(page.getByText("Use digits, spaces and + ( ) - . only")).toHaveCount(0);
    await console.choose("Phone Type", "Work mobile");
  });

  await test.step("an address, and everything is there after a reload", async () => {
    await console.button("Add address").click();
    await console.field("Street Address").fill("12 Marina");
    await console.field("City").fill("Lagos");
    await console.field("Country").fill("Nigeria");
    await console.button("Add address").click();
    await console.button("Remove address 2").click();
    await expect(console.button("Add address")).toBeFocused();
    await console.saved(console.button("save user"));
    await page.reload();
    await expect(page.getByRole("combobox", { name: "Manager" })).toHaveValue("Bola Sesay");
    await expect(page.getByRole("link", { name: "Open Bola Sesay" })).toBeVisible();
    await expect(console.field("Phone Number")).toHaveValue("+234 1 555 0100");
    await expect(console.field("City")).toHaveValue("Lagos");
    expect(await known()).toMatchObject({
      manager: led._id,
      phoneNumbers: [{ type: "work_mobile", number: "+234 1 555 0100" }],
      addresses: [{ type: "work", streetAddress: "12 Marina", locality: "Lagos", country: "Nigeria" }],
    });
  });

  await test.step("SSH keys: a private one is refused, a public one listed by its fingerprint, and removed", async () => {
    await console.button("Add SSH key").click();
    const dialog = page.getByRole("dialog", { name: "Add SSH key" });
    await dialog.getByLabel("Public Key").fill("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----");
    await dialog.getByRole("button", { name: "Add SSH key" }).click();
    await expect(dialog.getByText(/This is a private key/)).toBeVisible();
    await dialog.getByLabel("Public Key").fill(KEY);
    await dialog.getByRole("button", { name: "Add SSH key" }).click();
    await expect(console.row("ana@laptop")).toContainText("SHA256:4xrPT3ILyPnXfnq+R703Mj2fwnvBtoV4ZWZXo6IMjBY");
    expect((await known()).ssh_keys).toMatchObject([{ name: "ana@laptop" }]);
    await console.button("Remove the key ana@laptop").click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove key" }).click();
    await expect(page.getByText("No SSH key.")).toBeVisible();
    expect((await known()).ssh_keys).toEqual([]);
  });

  await test.step("deleting a manager says who loses them", async () => {
    await console.openUser(boss);
    await console.button("Actions").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("ana has them as manager and will have none.");
    await dialog.getByRole("button", { name: "Delete user" }).click();
    await expect(page).toHaveURL(/\/users$/);
    expect((await known()).manager ?? null).toBeNull();
  });

  await test.step("the person edits what is theirs in the portal", async () => {
    const context = await browser.newContext({ baseURL: muster.url });
    const person = new Person(await context.newPage(), muster);
    await person.signInHere(org, ana, PASSWORD);
    await person.page.getByRole("link", { name: "My profile" }).click();
    const field = (label: string) => person.page.getByLabel(label, { exact: true });
    await expect(field("Phone Number")).toHaveValue("+234 1 555 0100");
    await field("Alternate Email").fill("ana@");
    await person.button("Save").click();
    await expect(field("Alternate Email")).toBeFocused();
    await field("Alternate Email").fill(`ana@home.example`);
    await field("Postal Code").fill("101241");
    await person.button("Add phone number").click();
    await field("Phone Number").last().fill("+234 803 555 0199");
    await person.button("Save").click();
    await expect(person.page.getByText("Your profile is saved.")).toBeVisible();
    expect(await known()).toMatchObject({
      alternateEmail: "ana@home.example",
      phoneNumbers: [{ type: "work_mobile" }, { type: "mobile", number: "+234 803 555 0199" }],
      addresses: [{ type: "work", locality: "Lagos", postalCode: "101241" }],
    });
    await context.close();
  });

  await test.step("the pages name their icon: nothing asks for /favicon.ico", async () => {
    for (const path of [`/console/${org.slug}`, `/portal/${org.slug}`]) {
      const html = await (await page.request.get(path)).text();
      expect(html).toMatch(/<link rel="icon"[^>]*href="\/favicon\.svg"/);
    }
    expect((await page.request.get("/favicon.svg")).headers()["content-type"]).toContain("image/svg+xml");
  });
});
