// The page Imports, with the state in which it is looked at.
import { expect, type Page } from "@playwright/test";
import type { Shown } from "./everyPage.ts";
import type { World } from "./world.ts";

/** Makes a page of one organization's console. */
type Make = (name: string, path: (world: World) => string, more?: (page: Page, world: World) => Promise<void>) => Shown;

/** A file that has a row of each kind; somebody in it is new each time. */
async function choose(page: Page, world: World): Promise<void> {
  const rows = [
    "Mail;First Name;Surname;Department;Abteilung;Phone at the northern building, second floor;Manager",
    `${world.emails.ana};Ana;Okafor;Sales;A;+234 1 555 0100;`,
    `${world.emails.ben};Ben;;Engineering;B;;somebody who left`,
    `zoe-${Date.now().toString(36)}@${world.primary.slug}.example;Zoë;Amsler;Engineering;C;+41 31 000 00 01;`,
    "nobody at all;Nobody;;Sales;D;;",
  ];
  await page.getByLabel("File of people").setInputFiles({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
  await page.getByLabel("Import Abteilung as").click();
  await page.getByRole("option", { name: "Custom attribute" }).click();
}

async function preview(page: Page, world: World): Promise<void> {
  await choose(page, world);
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByRole("table", { name: "Result per row" })).toBeVisible();
  await page.getByRole("button", { name: "1 Refused" }).click();
}

export const importPages = (console: Make): Shown[] => [
  console("imports", () => "/imports"),
  console("imports-columns", () => "/imports", choose),
  console("imports-preview", () => "/imports", preview),
  console("imports-confirm", () => "/imports", async (page, world) => {
    await preview(page, world);
    await page.getByRole("button", { name: /^Import \d/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("imports-result", () => "/imports", async (page, world) => {
    await preview(page, world);
    await page.getByRole("button", { name: /^Import \d/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: /^Import \d/ }).click();
    await expect(page.getByRole("button", { name: "Download what was left out" })).toBeVisible();
  }),
];
