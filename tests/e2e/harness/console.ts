// The console as an administrator uses it, by the names that are written on it. Never here: what a seed asserts.
import { expect, type Locator, type Page } from "@playwright/test";
import type { Muster, Organization } from "./muster.ts";

export interface NewUser {
  username: string;
  email: string;
  attribute?: { name: string; value: string };
}

export class Console {
  constructor(
    readonly page: Page,
    readonly muster: Muster,
    readonly org: Organization,
  ) {}

  /** Opens the organization's console; signs the administrator in when this browser is not. */
  async open(): Promise<void> {
    await this.page.goto(`/console/${this.org.slug}`);
    const home = this.page.getByRole("navigation", { name: "Main" });
    const login = this.page.getByRole("heading", { name: "Administrator Login" });
    await expect(home.or(login)).toBeVisible();
    if (await login.isVisible()) {
      await this.page.getByLabel("Email").fill(this.org.admin.email);
      await this.page.getByLabel("Password").fill(this.org.admin.password);
      await this.button("Administrator Login").click();
    }
    await expect(home).toBeVisible();
  }

  /** Clicks a page of the navigation, which stands below its section. */
  async go(section: string, name: string): Promise<void> {
    const nav = this.page.getByRole("navigation", { name: "Main" });
    await expect(nav.getByText(section, { exact: true })).toBeVisible();
    await nav.getByRole("link", { name, exact: true }).click();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  tab(name: string): Locator {
    return this.page.getByRole("tab", { name, exact: true });
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { name });
  }

  async choose(label: string, option: string): Promise<void> {
    await this.field(label).first().click();
    await this.page.getByRole("option", { name: option, exact: true }).click();
  }

  /** Waits until the object page has nothing left to save. */
  async saved(button: Locator): Promise<void> {
    // The message of an earlier save may still stand there.
    const messages = this.page.getByRole("status");
    await messages.evaluateAll((shown) => shown.map((one) => one.setAttribute("data-earlier", "")));
    await button.click();
    const fresh = this.page.locator('[role="status"]:not([data-earlier])');
    await expect(fresh.filter({ hasText: /saved|created/i }).first()).toBeVisible();
  }

  /** The row of a list that shows this text. */
  row(text: string): Locator {
    return this.page.getByRole("row").filter({ hasText: text });
  }

  async openUser(email: string): Promise<void> {
    await this.go("USER MANAGEMENT", "Users");
    await this.row(email).getByRole("link").first().click();
    await expect(this.tab("Details")).toBeVisible();
  }

  async addUser(user: NewUser): Promise<void> {
    await this.go("USER MANAGEMENT", "Users");
    await this.button("Add user").click();
    await this.field("Username").fill(user.username);
    await this.field("Company Email").fill(user.email);
    if (user.attribute) {
      await this.field("Attribute Name").fill(user.attribute.name);
      await this.field("Attribute Value").fill(user.attribute.value);
    }
    await this.button("save user").click();
    await expect(this.page).toHaveURL(/\/users\/[0-9a-f]{24}/);
  }

  /** A static group with these people. */
  async addStaticGroup(name: string, emails: string[]): Promise<void> {
    await this.go("USER MANAGEMENT", "User Groups");
    await this.button("Add user group").click();
    await this.field("Name").fill(name);
    await this.page.getByRole("radio", { name: "Static" }).check();
    await this.button("Save Group").click();
    await expect(this.heading(name)).toBeVisible();
    await this.tab("Users").click();
    for (const email of emails) {
      await this.page.getByRole("combobox", { name: /add|search a user/i }).fill(email);
      await this.page.getByRole("option", { name: new RegExp(escaped(email)) }).click();
      await expect(this.row(email)).toBeVisible();
    }
  }

  /** The identifier at the end of the present page's address. */
  id(): string {
    const found = /\/([0-9a-f]{24})(?:[/?#]|$)/.exec(new URL(this.page.url()).pathname);
    if (!found?.[1]) throw new Error(`no id in ${this.page.url()}`);
    return found[1];
  }
}

export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
