// Devices as an administrator meets them: an empty page, an import, whose each is and who is on it, the person's tab, and
// what deleting takes away.
import { api, must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

interface Device {
  displayName: string;
  primarySystemUser: { username: string } | null;
  allowSshRootLogin: boolean;
  attributes: { name: string; value: string }[];
}

test("devices", async ({ page, muster }) => {
  const org = await organization(muster, "Devices");
  const ask = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, org, method, path, body);
  const ana = await ask<{ _id: string }>("POST", "/api/systemusers", { username: "ana", email: `ana@${org.slug}.example`, displayname: "Ana Okafor" });
  await ask("POST", "/api/systemusers", { username: "ben", email: `ben@${org.slug}.example` });
  const console = new Console(page, muster, org);
  await console.open();

  await test.step("the empty page says how devices come here", async () => {
    await console.go("DEVICE MANAGEMENT", "Devices");
    await expect(console.heading("No devices yet")).toBeVisible();
    await expect(page.getByText("Later an agent will bring each device here by itself.")).toBeVisible();
  });

  await test.step("a file is imported, each row with its result", async () => {
    const rows = [
      "displayName,hostname,serialNumber,os,version,owner,fde.active,attributes.site",
      `Ana's laptop,ana-mbp,C02-1,Mac OS X,15.1,ana@${org.slug}.example,true,Bern`,
      "Web server,web-1,S-2,Ubuntu,24.04,,false,",
      "Nobody's,n-1,S-3,Windows,11,nobody@nowhere.example,,",
    ];
    await console.button("Import devices").click();
    const dialog = page.getByRole("dialog", { name: "Import devices" });
    await expect(dialog.getByRole("button", { name: "Import", exact: true })).toBeDisabled();
    await dialog.getByLabel("File of devices").setInputFiles({ name: "devices.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
    await dialog.getByRole("button", { name: "Import", exact: true }).click();
    await expect(dialog.getByText("2 created, 1 refused.")).toBeVisible();
    await expect(dialog.getByRole("row").filter({ hasText: "Row 3" })).toContainText("owner: no person of this organization");
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
    await expect(dialog).toBeHidden();
    const laptop = console.row("Ana's laptop");
    for (const text of ["Mac OS X 15.1", "Ana Okafor", "Encrypted", "C02-1", "Never"]) await expect(laptop).toContainText(text);
    await expect(console.row("Web server")).toContainText("Not encrypted");
  });

  await test.step("the list is searched and filtered", async () => {
    await page.getByLabel("Search devices").fill("web-1");
    await expect(console.row("Ana's laptop")).toBeHidden();
    await page.getByLabel("Search devices").fill("");
    await console.button("Disk encryption").click();
    await page.getByRole("menuitemradio", { name: "Encrypted", exact: true }).click();
    await expect(page).toHaveURL(/encryption=on/);
    await expect(console.row("Web server")).toBeHidden();
    await console.row("Ana's laptop").getByRole("link").first().click();
    await expect(console.heading("Ana's laptop")).toBeVisible();
  });

  const id = /devices\/([0-9a-f]{24})/.exec(page.url())?.[1];
  const stored = () => ask<Device>("GET", `/api/systems/${id}`);

  await test.step("settings and attributes are changed", async () => {
    await expect(page.getByLabel("Attribute Value")).toHaveValue("Bern");
    await console.field("Display Name").fill("Ana's MacBook");
    await page.getByLabel("Allow SSH Root Login").check();
    await page.getByLabel("Attribute Value").fill("Basel");
    await expect(page.getByText("3 unsaved changes")).toBeVisible();
    await console.saved(console.button("save device"));
    const device = await stored();
    expect([device.displayName, device.allowSshRootLogin, device.attributes[0]?.value]).toEqual(["Ana's MacBook", true, "Basel"]);
  });

  await test.step("people are bound with sudo, and the owner is told", async () => {
    await console.tab("Users").click();
    await expect(page.getByText("Ana Okafor owns this device and has no account on it.")).toBeVisible();
    await console.button("Bind ana").click();
    await expect(console.row("ana@")).toContainText("Owner");
    await page.getByLabel("Bind a user to this device").fill("ben");
    await page.getByRole("option", { name: /ben@/ }).click();
    await page.getByLabel("sudo for ben", { exact: true }).press("Space");
    await expect(page.getByLabel("sudo for ben", { exact: true })).toBeChecked();
    await page.getByLabel("sudo without password for ben").press("Space");
    await expect(page.getByLabel("sudo without password for ben")).toBeChecked();
    const edges = await ask<{ to: { id: string }; attributes: { sudo: object } }[]>("GET", `/api/v2/systems/${id}/associations?targets=user`);
    expect(edges.find((edge) => edge.to.id !== ana._id)?.attributes.sudo).toEqual({ enabled: true, withoutPassword: true });
    await console.button("Make owner: ben").click();
    await expect(console.row("ben@")).toContainText("Owner");
    await expect.poll(async () => (await stored()).primarySystemUser?.username).toBe("ben");
    await console.button("Unbind ana").click();
    await expect(console.row("ana@")).toBeHidden();
  });

  await test.step("what happened stands under Activity", async () => {
    await console.tab("Activity").click();
    await expect(console.row("ana unbound")).toContainText(org.admin.email);
    await expect(console.row("sudo of ben changed").filter({ hasText: "sudo without a password" })).toBeVisible();
    await expect(console.row("Device changed").filter({ hasText: "owner: ana → ben" })).toBeVisible();
    await expect(console.row("Device added")).toBeVisible();
  });

  await test.step("the person's tab shows their devices", async () => {
    await page.goto(`/console/${org.slug}/users/${ana._id}?tab=devices`);
    await expect(page.getByText("No device yet.")).toBeVisible();
    await page.getByLabel("Bind a device").fill("web");
    await page.getByRole("option", { name: /Web server/ }).click();
    await expect(console.row("Web server")).toContainText("Standard");
  });

  await test.step("deleting says what follows", async () => {
    await console.button("Actions").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await expect(page.getByRole("dialog")).toContainText("1 device loses their account");
    await page.getByRole("dialog").getByRole("button", { name: "Delete user" }).click();
    await expect(console.heading("Users")).toBeVisible();
    await page.goto(`/console/${org.slug}/devices/${id}`);
    await console.button("Actions").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("1 person is no longer bound to it");
    await expect(dialog).toContainText("ben no longer owns it");
    await dialog.getByRole("button", { name: "Delete device" }).click();
    await expect(page).toHaveURL(/\/devices$/);
    await expect(console.row("Ana's MacBook")).toBeHidden();
    expect((await api(muster, org, "GET", `/api/systems/${id}`)).status).toBe(404);
  });
});
