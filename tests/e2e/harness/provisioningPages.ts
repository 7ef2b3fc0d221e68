// The pages about accounts out and in, with the state in which each is looked at.
import { expect, type Page } from "@playwright/test";
import type { Shown } from "./everyPage.ts";
import type { World } from "./world.ts";

/** Makes a page of one organization's console. */
type Make = (name: string, path: (world: World) => string, more?: (page: Page, world: World) => Promise<void>) => Shown;

const identity = (app: string, view = "") => `/sso-applications/${app}?tab=identity${view && `&view=${view}`}`;
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();

export const provisioningPages = (console: Make, secondary: Make): Shown[] => [
  console("identity-new", (w) => identity(w.ids.fresh)),
  console("identity-problems", (w) => identity(w.ids.fresh), async (page) => {
    await page.getByLabel("Base URL").fill("warehouse.example");
    await button(page, "Save").click();
    await expect(page.getByText("This is not a full address.")).toBeVisible();
  }),
  console("identity-active", (w) => identity(w.ids.accounts), async (page) => {
    await button(page, "Test Connection").click();
    await expect(page.getByRole("list", { name: "Checks of the connection" })).toBeVisible();
    await button(page, "Edit the mapping").click();
  }),
  console("identity-plan", (w) => identity(w.ids.accounts), async (page) => {
    await button(page, "Preview").click();
    await expect(page.getByRole("list", { name: "Plan in numbers" })).toBeVisible();
  }),
  console("identity-accounts", (w) => identity(w.ids.accounts, "accounts")),
  console("identity-tape", (w) => identity(w.ids.accounts, "accounts"), async (page) => {
    await button(page, /^Show .*ana/i).click();
    await page.locator("summary").first().click();
    await expect(page.getByText("LAST CALLS")).toBeVisible();
  }),
  console("identity-drift", (w) => identity(w.ids.accounts, "drift"), async (page, { receiver }) => {
    const ana = receiver.named("ana");
    if (ana) ana["title"] = "Changed there";
    await button(page, "Compare now").click();
    await expect(page.getByRole("table", { name: "Drift" })).toBeVisible();
  }),
  console("identity-import", (w) => identity(w.ids.accounts, "import"), async (page) => {
    await expect(page.getByText("Nora Lind")).toBeVisible();
  }),
  console("identity-import-ask", (w) => identity(w.ids.accounts, "import"), async (page) => {
    await button(page, "Import all").click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  secondary("scim-provisioning-empty", () => "/scim-provisioning"),
  console("scim-provisioning", () => "/scim-provisioning"),
  console("scim-provisioning-add", () => "/scim-provisioning/add"),
  console("scim-provisioning-connection", (w) => `/scim-provisioning/${w.ids.directory}`),
  console("scim-provisioning-rotate", (w) => `/scim-provisioning/${w.ids.directory}`, async (page) => {
    await button(page, "Rotate token").click();
    await button(page, "Make a new token").click();
    await expect(page.getByRole("dialog", { name: "Endpoint and Bearer Token" })).toBeVisible();
  }),
  console("scim-provisioning-users", (w) => `/scim-provisioning/${w.ids.directory}?tab=users`),
  console("scim-provisioning-groups", (w) => `/scim-provisioning/${w.ids.directory}?tab=groups`),
  console("scim-provisioning-roles", (w) => `/scim-provisioning/${w.ids.directory}?tab=roles`),
  console("scim-provisioning-remove", (w) => `/scim-provisioning/${w.ids.directory}`, async (page) => {
    await button(page, "Actions").click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("user-fed", (w) => `/users/${w.ids.fed}`),
];
