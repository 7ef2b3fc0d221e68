// A person at the sign-in pages and in the portal. Never here: the console.
import { expect, type Locator, type Page } from "@playwright/test";
import type { Muster, Organization } from "./muster.ts";

export const PORTAL_TITLE = "Log in to your User Portal using Muster";
export const APPLICATION_TITLE = "Log in to your application using Muster";

export class Person {
  constructor(
    readonly page: Page,
    readonly muster: Muster,
  ) {}

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { name, level: 1 });
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  get email(): Locator {
    return this.page.getByLabel("Email");
  }

  get password(): Locator {
    return this.page.getByLabel("Password", { exact: true });
  }

  /** The first page: the e-mail, then Continue. */
  async enterEmail(email: string): Promise<void> {
    await this.email.fill(email);
    await this.button("Continue").click();
  }

  /** Opens the login page and gives the e-mail. */
  async begin(email: string, at = "/login"): Promise<void> {
    await this.page.goto(at);
    await expect(this.heading(PORTAL_TITLE)).toBeVisible();
    await this.enterEmail(email);
  }

  /** Signs in to the portal with a password of the organization's own. */
  async signInHere(org: Organization, email: string, password: string): Promise<void> {
    await this.begin(email, `/o/${org.slug}/login`);
    await this.password.fill(password);
    await this.button("User Login").click();
    await this.expectPortal(org, email);
  }

  /** The portal of this organization is open, and this is whose it is. */
  async expectPortal(org: Organization, email: string): Promise<void> {
    await expect(this.page).toHaveURL(new RegExp(`/portal/${org.slug}/?$`));
    await this.page.getByRole("button", { name: /^Account of/ }).click();
    await expect(this.page.getByRole("menu").getByText(email, { exact: true })).toBeVisible();
    await this.page.keyboard.press("Escape");
  }

  /** Ends every session of this browser. */
  async logOut(): Promise<void> {
    await this.page.goto("/logout");
    const signOut = this.button("Sign out");
    const out = this.page.getByText("You are signed out.");
    await expect(signOut.or(out)).toBeVisible();
    if (await signOut.isVisible()) await signOut.click();
    await expect(out).toBeVisible();
  }

  /** Follows the newest link that was mailed to this address and sets a password there. */
  async setPasswordByMail(email: string, password: string): Promise<void> {
    const link = await mailedLink(this.muster, email);
    await this.page.goto(link);
    await expect(this.email).toHaveValue(email);
    await this.page.getByLabel("New password").fill(password);
    await this.button("Set password").click();
    await expect(this.page.getByLabel("New password")).toHaveCount(0);
  }
}

/** The link in the newest mail to this address. */
export async function mailedLink(muster: Muster, email: string): Promise<string> {
  let link: string | null | undefined;
  await expect(async () => {
    link = (await muster.mails(email))[0]?.link;
    expect(link, `a mail with a link to ${email}`).toBeTruthy();
  }).toPass({ timeout: 20_000 });
  return link ?? "";
}
