// The pages about devices, with the state in which each is looked at.
import { expect, type Page } from "@playwright/test";
import type { Shown } from "./everyPage.ts";
import type { World } from "./world.ts";

/** Makes a page of one organization's console. */
type Make = (name: string, path: (world: World) => string, more?: (page: Page, world: World) => Promise<void>) => Shown;

/** A file that has one row of each kind. */
const FILE = "displayName,serialNumber,os,owner,fde.active\nReception,S-900,Ubuntu,,true\n,,,,\nLaptop of nobody,S-901,Windows,nobody@nowhere.example,\n";

async function importing(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Import devices" }).first().click();
  await expect(page.getByRole("dialog", { name: "Import devices" })).toBeVisible();
}

export const devicePages = (console: Make, secondary: Make): Shown[] => [
  console("devices", () => "/devices"),
  console("devices-none-found", () => "/devices?search=no-device-of-that-name"),
  secondary("devices-empty", () => "/devices"),
  console("devices-import", () => "/devices", importing),
  console("devices-import-done", () => "/devices", async (page) => {
    await importing(page);
    await page.getByLabel("File of devices").setInputFiles({ name: "devices.csv", mimeType: "text/csv", buffer: Buffer.from(FILE) });
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await expect(page.getByRole("table", { name: "Result per row" })).toBeVisible();
  }),
  console("device-details", (w) => `/devices/${w.ids.device}`),
  console("device-edited", (w) => `/devices/${w.ids.device}`, async (page) => {
    await page.getByLabel("Allow SSH Root Login").check();
    await expect(page.getByRole("button", { name: "save device" })).toBeVisible();
  }),
  console("device-users", (w) => `/devices/${w.ids.device}?tab=users`),
  console("device-activity", (w) => `/devices/${w.ids.device}?tab=activity`),
  console("device-delete", (w) => `/devices/${w.ids.device}`, async (page) => {
    await page.getByRole("button", { name: "Actions" }).first().click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("user-devices", (w) => `/users/${w.ids.ana}?tab=devices`),
];
