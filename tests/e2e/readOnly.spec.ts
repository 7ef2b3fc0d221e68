// A Read Only administrator goes through the console: on no page is a control that would change something, a full
// administrator has them there. Whatever is not known to read only counts as changing, so a new control has to be told here.
import type { Page } from "@playwright/test";
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { lookedAt } from "./harness/serious.ts";
import { mailedLink } from "./harness/person.ts";
import { expect, test } from "./harness/test.ts";
import { buildWorld, closeWorld, type World } from "./harness/world.ts";

const PASSWORD = "eleven paper boats in the harbour";

/** What only shows something, by its name. */
const reads = [
  /^Search/, /^Clear/, /^Copy/, /^Copied/, /^Why/, /^Show/, /^Hide/, /^Export/, /^Download/, /^Columns$/, /^Scheduled/,
  /^(Previous|Next)/, /^(State|Password Status|Expression|Status|Type|Kind|Membership|Disk encryption|Operating System|OS|Accounts|Sign-On|Identity Management|Action|Method|Single [Ss]ign-[Oo]n)$/,
  /^Advanced$/, /^Refresh$/, /^Try again$/, /^Settings$|^Accounts$|^Drift$|^Import users$/, /^Actions for .* policy/, /^Condition of mapping/,
  /^\d+(In step|Waiting|Failing|Held)$/, /^Toggle password visibility$/,
  // The names of service accounts, which open what they may, and what closes that.
  /^(Nightly report|Provisioning)$/, /^(Cancel|Close)$/,
];

interface Shown {
  path: (world: World) => string;
  /** A control that changes something, which a full administrator finds there. */
  full: string | RegExp | null;
}

const pages: Record<string, Shown> = {
  home: { path: () => "", full: null },
  users: { path: () => "/users", full: "Add user" },
  user: { path: (w) => `/users/${w.ids.ana}`, full: "Actions" },
  "user groups of": { path: (w) => `/users/${w.ids.ana}?tab=groups`, full: /^Remove from/ },
  "user devices": { path: (w) => `/users/${w.ids.ana}?tab=devices`, full: /^Unbind/ },
  "user sessions": { path: (w) => `/users/${w.ids.ana}?tab=sessions`, full: /^End the session/ },
  "new user": { path: () => "/users/new", full: "save user" },
  scheduled: { path: () => "/users/scheduled", full: /^Cancel the/ },
  groups: { path: () => "/user-groups", full: "Add user group" },
  group: { path: (w) => `/user-groups/${w.ids.dynamicGroup}`, full: "Preview" },
  "group members": { path: (w) => `/user-groups/${w.ids.staticGroup}?tab=users`, full: /^Remove / },
  "group suggestions": { path: (w) => `/user-groups/${w.ids.reviewedGroup}?tab=suggestions`, full: "Accept all" },
  "group applications": { path: (w) => `/user-groups/${w.ids.staticGroup}?tab=applications`, full: null },
  applications: { path: () => "/sso-applications", full: /Add New Application/ },
  application: { path: (w) => `/sso-applications/${w.ids.wiki}`, full: "Actions" },
  "application sso": { path: (w) => `/sso-applications/${w.ids.wiki}?tab=sso`, full: "Add Attribute" },
  "application saml": { path: (w) => `/sso-applications/${w.ids.okr}?tab=sso`, full: "Upload Metadata" },
  "application saml test": { path: (w) => `/sso-applications/${w.ids.okr}?tab=test`, full: null },
  "application groups": { path: (w) => `/sso-applications/${w.ids.wiki}?tab=groups`, full: null },
  "identity management": { path: (w) => `/sso-applications/${w.ids.accounts}?tab=identity`, full: "Pause" },
  "its accounts": { path: (w) => `/sso-applications/${w.ids.accounts}?tab=identity&view=accounts`, full: "Pause" },
  "its drift": { path: (w) => `/sso-applications/${w.ids.accounts}?tab=identity&view=drift`, full: "Compare now" },
  "its import": { path: (w) => `/sso-applications/${w.ids.accounts}?tab=identity&view=import`, full: "Import all" },
  devices: { path: () => "/devices", full: "Import devices" },
  device: { path: (w) => `/devices/${w.ids.device}`, full: "Actions" },
  "device users": { path: (w) => `/devices/${w.ids.device}?tab=users`, full: /^Unbind/ },
  "device groups": { path: () => "/device-groups", full: /^Add/ },
  "identity providers": { path: () => "/identity-providers", full: "Check now" },
  directories: { path: () => "/scim-provisioning", full: "Add Directory Provider" },
  directory: { path: (w) => `/scim-provisioning/${w.ids.directory}`, full: "Rotate token" },
  "directory roles": { path: (w) => `/scim-provisioning/${w.ids.directory}?tab=roles`, full: "Add role mapping" },
  "directory settings": { path: (w) => `/scim-provisioning/${w.ids.directory}?tab=settings`, full: "Actions" },
  imports: { path: () => "/imports", full: "Choose a CSV file" },
  migration: { path: () => "/imports?tab=jumpcloud", full: null },
  organization: { path: () => "/settings/organization", full: /Upload|Change/ },
  administrators: { path: () => "/settings/administrators", full: "Add administrator" },
  attributes: { path: () => "/settings/attributes", full: "Add attribute" },
  api: { path: () => "/settings/api", full: "Generate New API Key" },
  "service accounts": { path: () => "/settings/api?tab=service-accounts", full: "Add service account" },
  registration: { path: () => "/settings/api?tab=registration", full: "Add token" },
  keys: { path: () => "/settings/keys", full: "Rotate key" },
};

/** The names of controls of the page (and of a dialog on it) that would change something. */
async function changing(page: Page): Promise<string[]> {
  const controls = page.locator("main, [role=dialog]").locator(
    "button, input, textarea, select, [role=switch], [role=menuitem], [contenteditable]",
  );
  const found = await controls.evaluateAll((all) =>
    all.flatMap((one) => {
      const at = one as HTMLInputElement;
      // A field to choose in is read-only for the keyboard alone.
      const typed = at.readOnly && !at.matches("[aria-haspopup=listbox], .mantine-Select-input") || at.matches("[data-off]");
      const off = at.disabled || typed || at.getAttribute("aria-disabled") === "true" || at.matches(":disabled");
      const shown = at.checkVisibility() && at.getAttribute("aria-hidden") !== "true" && at.type !== "hidden";
      // Which part is looked at, not what is so.
      if (off || !shown || at.matches("[role=tab], .fold__head") || at.closest("[role=radiogroup].mantine-SegmentedControl-root, details > summary")) return [];
      const label = at.getAttribute("aria-label") ?? at.labels?.[0]?.textContent ?? at.textContent;
      return [(label?.trim() || at.placeholder || at.title || at.outerHTML.slice(0, 120)).replace(/\s+/g, " ")];
    }),
  );
  return found.filter((name) => !reads.some((known) => known.test(name)));
}

async function open(page: Page, world: World, shown: Shown): Promise<void> {
  await page.goto(`/console/${world.primary.slug}${shown.path(world)}`);
  await expect(page.getByRole("heading", { level: 1 }).first()).not.toBeEmpty();
  await expect(page.locator(".mantine-Skeleton-root, [aria-busy=true]")).toHaveCount(0);
  // What is folded is looked at as well.
  const folds = page.getByRole("main").locator(".fold button[aria-expanded=false]");
  await folds.evaluateAll((all) => all.forEach((one) => (one as HTMLElement).click()));
}

test("a Read Only administrator finds nothing that would change something", async ({ muster, browser }, info) => {
  test.setTimeout(600_000);
  const world = await buildWorld(muster, browser);
  const { primary } = world;
  const oidc = { clientId: "muster", clientSecret: "a secret of theirs", url: primary.issuer };
  await must(muster, primary, "POST", "/api/v2/identity-providers", { name: "Elsewhere", type: "OIDC", oidc });
  const email = `looker@${primary.slug}.example`;
  const looker = { email, firstname: "Lou", lastname: "Ker", roleName: "Read Only" };
  const made = await must<{ activationLink?: string }>(muster, primary, "POST", "/api/users", looker);

  const context = await browser.newContext({ baseURL: muster.url });
  const page = await context.newPage();
  await page.goto(made.activationLink ?? (await mailedLink(muster, email)));
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set password" }).click();
  const console = new Console(page, muster, { ...primary, admin: { ...primary.admin, email, password: PASSWORD } });
  await console.open();
  await expect(page.getByText("Your role here is Read Only")).toBeVisible();

  const full = await world.administrator.newPage();
  for (const [name, shown] of Object.entries(pages)) {
    await test.step(name, async () => {
      await open(page, world, shown);
      expect.soft(await changing(page), `${name}: what a Read Only administrator could change`).toEqual([]);
      await open(full, world, shown);
      const wanted = shown.full;
      if (wanted === null) return;
      const is = (label: string) => (typeof wanted === "string" ? label === wanted : wanted.test(label));
      await expect.poll(async () => (await changing(full)).some(is), `${name}: a full administrator has ${wanted}`).toBe(true);
    });
  }

  await test.step("nor in a dialog or drawer that shows something", async () => {
    await open(page, world, { path: () => "/settings/api?tab=service-accounts", full: null });
    await page.getByRole("button", { name: "Nightly report" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await changing(page)).toEqual([]);
    await page.goto(`/console/${primary.slug}/sso-applications/${world.ids.accounts}?tab=identity&view=accounts`);
    await page.getByRole("button", { name: /^Show .*ana/i }).click();
    await expect(page.getByText("LAST CALLS")).toBeVisible();
    await expect(page.getByRole("button", { name: "Retry now" })).toBeDisabled();
    expect(await changing(page)).toEqual([]);
  });

  await test.step("what only shows something goes on", async () => {
    await page.goto(`/console/${primary.slug}/users`);
    await page.getByLabel("Search users").fill("ben");
    await expect(console.row("chidi")).toHaveCount(0);
    await expect(console.row("ben@")).toBeVisible();
    await console.button("State").click();
    await page.getByRole("menuitemradio", { name: "Activated", exact: true }).click();
    await expect(page).toHaveURL(/state=ACTIVATED/);
    await page.goto(`/console/${primary.slug}/imports`);
    const download = page.waitForEvent("download");
    await console.button("Export people").click();
    expect((await download).suggestedFilename()).toBe("users.csv");
    await page.goto(`/console/${primary.slug}/user-groups/${world.ids.dynamicGroup}?tab=users`);
    await page.getByRole("button", { name: /^Why ana/ }).click();
    await expect(page.getByRole("dialog").getByText("A member by the rule.")).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("the reason is told, and Enter in a field sends nothing", async () => {
    await page.goto(`/console/${primary.slug}/users/${world.ids.ana}`);
    await expect(console.button("Actions")).toHaveAttribute("title", "Your role is Read Only");
    const asked: string[] = [];
    page.on("request", (request) => request.method() !== "GET" && asked.push(request.url()));
    await console.field("Job Title").focus();
    await page.keyboard.press("Enter");
    await expect(page.getByText("Nothing was saved yet")).toHaveCount(0);
    expect(await lookedAt(page, "read-only-user", (file) => info.outputPath(file))).toEqual([]);
    expect(asked).toEqual([]);
  });
  await context.close();
  await closeWorld(world);
});
