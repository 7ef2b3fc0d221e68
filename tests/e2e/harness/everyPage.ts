// Every page of the console, the portal and the sign-in pages, with the state in which it is looked at.
import { expect, type Page } from "@playwright/test";
import { applicationPages } from "./applicationPages.ts";
import { devicePages } from "./devicePages.ts";
import { importPages } from "./importPages.ts";
import { mailedLink } from "./person.ts";
import { provisioningPages } from "./provisioningPages.ts";
import { PASSWORD } from "./team.ts";
import type { World } from "./world.ts";

export interface Shown {
  name: string;
  as: "administrator" | "person" | "stranger";
  open: (page: Page, world: World) => Promise<void>;
}

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name }).first();

/** A page of the Primary's console, once its title (or what `ready` names) is there. */
function console(name: string, path: (world: World) => string, more?: (page: Page, world: World) => Promise<void>): Shown {
  return {
    name: `console-${name}`,
    as: "administrator",
    open: async (page, world) => {
      await page.goto(`/console/${world.primary.slug}${path(world)}`);
      await settled(page);
      await more?.(page, world);
    },
  };
}

function secondary(name: string, path: (world: World) => string, more?: (page: Page, world: World) => Promise<void>): Shown {
  return {
    name: `console-${name}`,
    as: "administrator",
    open: async (page, world) => {
      await page.goto(`/console/${world.secondary.slug}${path(world)}`);
      await settled(page);
      await more?.(page, world);
    },
  };
}

function portal(name: string, path: string): Shown {
  return {
    name: `portal-${name}`,
    as: "person",
    open: async (page, world) => {
      await page.goto(`/portal/${world.primary.slug}${path}`);
      await settled(page);
    },
  };
}

function signIn(name: string, open: (page: Page, world: World) => Promise<void>): Shown {
  return {
    name: `signin-${name}`,
    as: "stranger",
    open: async (page, world) => {
      await page.context().clearCookies();
      await open(page, world);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    },
  };
}

/** The page has its title and nothing is loading. */
async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 }).first()).not.toBeEmpty();
  await expect(page.locator(".mantine-Skeleton-root, [aria-busy=true]")).toHaveCount(0);
}

/** The page is on the screen in these colours: they come with a transition, however short. */
export async function painted(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.waitForFunction((wanted) => {
    const scheme = document.documentElement.dataset["mantineColorScheme"];
    return scheme === undefined || scheme === wanted;
  }, colorScheme);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running"));
}

const consolePages: Shown[] = [
  console("home", () => ""),
  secondary("home-quick-start", () => ""),
  console("users", () => "/users"),
  console("users-none-found", () => "/users?search=nobody-of-that-name"),
  console("users-scheduled", () => "/users/scheduled"),
  secondary("users-scheduled-empty", () => "/users/scheduled"),
  console("users-by-a-rule", () => `/users?expression=${encodeURIComponent('department is empty or state equals "ACTIVATED"')}`),
  console("users-new", () => "/users/new"),
  console("user-details", (w) => `/users/${w.ids.ana}`),
  console("user-groups-of", (w) => `/users/${w.ids.ana}?tab=groups`),
  console("user-applications", (w) => `/users/${w.ids.ana}?tab=applications`),
  console("user-activity", (w) => `/users/${w.ids.ana}?tab=activity`),
  console("user-activity-why", (w) => `/users/${w.ids.ana}?tab=activity`, async (page) => {
    await button(page, /^Why/).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("user-sessions", (w) => `/users/${w.ids.ana}?tab=sessions`),
  console("user-ssh-key", (w) => `/users/${w.ids.ana}`, async (page) => {
    await button(page, "Add SSH key").click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("user-menu", (w) => `/users/${w.ids.ana}`, async (page) => {
    await button(page, "Actions").click();
    await expect(page.getByRole("menu")).toBeVisible();
  }),
  console("user-set-password", (w) => `/users/${w.ids.ana}`, async (page) => {
    await button(page, "Actions").click();
    await page.getByRole("menuitem", { name: "Set password" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("groups", () => "/user-groups"),
  console("groups-new", () => "/user-groups/new", async (page) => {
    await page.getByRole("radio", { name: "Dynamic" }).check();
    await expect(page.getByLabel("Attribute", { exact: true }).first()).toBeVisible();
  }),
  console("group-dynamic", (w) => `/user-groups/${w.ids.dynamicGroup}`, async (page) => {
    await button(page, "Preview").click();
    await expect(page.getByRole("table", { name: "Preview of the members" })).toBeVisible();
  }),
  console("group-as-text", (w) => `/user-groups/${w.ids.dynamicGroup}`, async (page) => {
    await page.getByText("Expression", { exact: true }).click();
    await expect(page.getByRole("textbox", { name: "Rule", exact: true })).not.toHaveValue("");
  }),
  console("group-copy", (w) => `/user-groups/${w.ids.dynamicGroup}`, async (page) => {
    await button(page, "Actions").click();
    await page.getByRole("menuitem", { name: "Copy" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("group-why", (w) => `/user-groups/${w.ids.dynamicGroup}?tab=users`, async (page) => {
    await button(page, /^Why ana/).click();
    await expect(page.getByRole("dialog").getByText("A member by the rule.")).toBeVisible();
  }),
  console("group-suggestions", (w) => `/user-groups/${w.ids.reviewedGroup}?tab=suggestions`),
  console("device-groups", () => "/device-groups"),
  console("device-groups-new", () => "/device-groups/new", async (page) => {
    await page.getByRole("radio", { name: "Dynamic" }).check();
    await expect(page.getByLabel("Attribute", { exact: true }).first()).toBeVisible();
  }),
  console("group-users", (w) => `/user-groups/${w.ids.staticGroup}?tab=users`),
  console("group-applications", (w) => `/user-groups/${w.ids.staticGroup}?tab=applications`),
  console("applications", () => "/sso-applications"),
  secondary("applications-empty", () => "/sso-applications"),
  console("applications-add", () => "/sso-applications/add"),
  secondary("applications-wizard", () => "/sso-applications/add", async (page) => {
    await page.getByRole("region", { name: "Custom Application" }).getByRole("button").click();
    await page.getByLabel("Manage Single Sign-On (SSO)").check();
    await page.getByLabel("Export users to this app (Identity Management)").check();
    await expect(page.getByLabel("Configure SSO with OIDC")).toBeVisible();
  }),
  console("application-saml", (w) => `/sso-applications/${w.ids.okr}?tab=sso`, async (page) => {
    await button(page, "Paste SP Certificate").click();
  }),
  console("application-activity", (w) => `/sso-applications/${w.ids.okr}?tab=activity`),
  console("application-saml-test", (w) => `/sso-applications/${w.ids.okr}?tab=test`, async (page) => {
    await expect(page.getByRole("table", { name: "SAML messages" }).getByText("Refused").first()).toBeVisible();
  }),
  console("application-saml-message", (w) => `/sso-applications/${w.ids.okr}?tab=test`, async (page) => {
    await page.getByRole("button", { name: /^Show: Test for/ }).first().click();
    await expect(page.getByRole("region", { name: "Response" })).toBeVisible();
  }),
  console("application-saml-changed", (w) => `/sso-applications/${w.ids.changed}?tab=sso`, async (page) => {
    await expect(page.getByRole("region", { name: "Changed metadata" })).toBeVisible();
  }),
  console("application-saml-metadata", (w) => `/sso-applications/${w.ids.okr}?tab=sso`, async (page) => {
    await button(page, "Upload Metadata").click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("application-saml-certificate", (w) => `/sso-applications/${w.ids.okr}?tab=sso`, async (page) => {
    await button(page, "Add certificate").click();
    await page.getByRole("radio", { name: /^Use my own/ }).check();
    await expect(page.getByRole("textbox", { name: "Private key" })).toBeVisible();
  }),
  console("application-general", (w) => `/sso-applications/${w.ids.wiki}`),
  console("application-sso", (w) => `/sso-applications/${w.ids.wiki}?tab=sso`),
  console("application-sso-advanced", (w) => `/sso-applications/${w.ids.wiki}?tab=sso`, async (page) => {
    const folds = page.getByRole("region", { name: "Advanced" }).getByRole("button", { expanded: false });
    while ((await folds.count()) > 0) await folds.first().click();
    // The list of choices shuts when the page below it moves.
    await expect(async () => {
      await page.getByRole("combobox", { name: "Public Keys" }).click();
      await page.getByRole("option", { name: "Fetched from an address" }).click({ timeout: 3000 });
    }).toPass();
    for (const name of ["Require proof of possession (DPoP)", "In its own name (client credentials)", "Token exchange"]) {
      await page.getByRole("checkbox", { name }).check();
    }
    await page.getByLabel("Back-Channel Logout URI").fill("https://wiki.example/logout");
  }),
  console("application-groups", (w) => `/sso-applications/${w.ids.wiki}?tab=groups`),
  console("application-not-active", (w) => `/sso-applications/${w.ids.draft}?tab=sso`),
  console("identity-providers-empty", () => "/identity-providers"),
  console("identity-providers-add", () => "/identity-providers/add"),
  console("identity-providers-add-saml", () => "/identity-providers/add", async (page) => {
    await page.getByLabel("Type", { exact: true }).first().click();
    await page.getByRole("option", { name: "SAML 2.0" }).click();
    await button(page, "Advanced").click();
    await expect(page.getByRole("group", { name: "ACS URL" })).toBeVisible();
  }),
  secondary("identity-provider", (w) => `/identity-providers/${w.ids.provider}`),
  secondary("policy-new", (w) => `/identity-providers/${w.ids.provider}/policies/new`),
  secondary("policy", (w) => `/identity-providers/${w.ids.provider}/policies/${w.ids.policy}`),
  console("settings-organization", () => "/settings/organization"),
  console("settings-administrators", () => "/settings/administrators"),
  console("settings-attributes", () => "/settings/attributes"),
  console("settings-attribute-new", () => "/settings/attributes", async (page) => {
    await button(page, "Add attribute").click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("settings-api", () => "/settings/api"),
  console("settings-service-accounts", () => "/settings/api?tab=service-accounts"),
  console("settings-service-account", () => "/settings/api?tab=service-accounts", async (page) => {
    await button(page, "Nightly report").click();
    await expect(page.getByRole("dialog")).toBeVisible();
  }),
  console("settings-service-account-new", () => "/settings/api?tab=service-accounts", async (page) => {
    await button(page, "Add service account").click();
    await expect(page.getByRole("radio", { name: "Read Only" })).toBeVisible();
  }),
  secondary("settings-service-accounts-empty", () => "/settings/api?tab=service-accounts"),
  console("settings-registration", () => "/settings/api?tab=registration"),
  console("settings-keys", () => "/settings/keys"),
  console("organizations", () => "/organizations"),
  console("palette", () => "", async (page) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or jump to" }).fill("ana");
    await expect(page.getByRole("option").first()).toBeVisible();
  }),
  console("not-found", () => "/no-such-page"),
];

const portalPages = [portal("applications", "/"), portal("profile", "/profile"), portal("security", "/security")];

const signInPages: Shown[] = [
  signIn("email", async (page) => void (await page.goto("/login"))),
  signIn("email-refused", async (page) => {
    await page.goto("/login");
    await page.getByRole("textbox", { name: "Email" }).evaluate((field) => field.setAttribute("type", "text"));
    await page.getByLabel("Email").fill("ana at primary");
    await button(page, "Continue").click();
    await expect(page.getByRole("alert")).toBeVisible();
  }),
  signIn("which-organization", async (page, { emails }) => {
    await page.goto("/login");
    await page.getByLabel("Email").fill(emails.everywhere);
    await button(page, "Continue").click();
    await expect(page.getByLabel("Organization")).toBeVisible();
  }),
  signIn("password", async (page, { primary, emails }) => {
    await page.goto(`/o/${primary.slug}/login`);
    await page.getByLabel("Email").fill(emails.ana);
    await button(page, "Continue").click();
    await expect(page.getByLabel("Password", { exact: true })).toBeVisible();
  }),
  signIn("password-refused", async (page, { primary, emails }) => {
    await page.goto(`/o/${primary.slug}/login`);
    await page.getByLabel("Email").fill(emails.ben);
    await button(page, "Continue").click();
    await page.getByLabel("Password", { exact: true }).fill("not this one");
    await button(page, "User Login").click();
    await expect(page.getByRole("alert")).toBeVisible();
  }),
  signIn("hinted-by-the-other-organization", hinted),
  signIn("application-refused", async (page, world) => {
    // Yusuf is in the Primary, but not in the group of the application that waits.
    await hinted(page, world);
    await page.getByLabel("Email").fill(world.emails.everywhere);
    await button(page, "Continue").click();
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await button(page, "SSO Login").click();
    await expect(page.getByRole("main")).toContainText("OIDC for Secondary Org");
  }),
  signIn("federation-refused", async (page, { muster }) => {
    await page.goto(`${muster.url}/oauth/callback?state=nobody&code=nothing`);
  }),
  signIn("request-refused", async (page, { primary }) => {
    await page.goto(`/o/${primary.slug}/oauth2/auth?response_type=code&client_id=nobody`);
  }),
  signIn("administrator", async (page) => void (await page.goto("/login/admin"))),
  signIn("reset", async (page) => void (await page.goto("/reset"))),
  signIn("reset-sent", async (page) => {
    await page.goto("/reset");
    await page.getByLabel("Email").fill("nobody@nowhere.example");
    await button(page, "Send link").click();
  }),
  signIn("activate", async (page, { muster, emails }) => {
    await page.goto(await mailedLink(muster, emails.ben));
    await expect(page.getByLabel("New password")).toBeVisible();
  }),
  signIn("activate-refused", async (page, { muster, emails }) => {
    await page.goto(await mailedLink(muster, emails.ben));
    await page.getByLabel("New password").fill("12345678");
    await button(page, "Set password").click();
    await expect(page.getByRole("alert")).toBeVisible();
  }),
  signIn("dead-link", async (page) => void (await page.goto("/activate?token=used-before"))),
  signIn("signed-out", async (page) => void (await page.goto("/logout"))),
  signIn("nothing-here", async (page) => void (await page.goto("/o/no-such-organization/login"))),
  {
    name: "signin-sign-out",
    as: "person",
    open: async (page) => {
      await page.goto("/logout");
      await expect(button(page, "Sign out")).toBeVisible();
    },
  },
];

async function hinted(page: Page, { emails }: World): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("Email").fill(emails.routed);
  await button(page, "Continue").click();
  await expect(page.getByRole("heading", { name: "Log in to your application using Muster" })).toBeVisible();
}

export const everyPage: Shown[] = [...consolePages, ...portalPages, ...signInPages, ...applicationPages, ...devicePages(console, secondary), ...provisioningPages(console, secondary), ...importPages(console)];
