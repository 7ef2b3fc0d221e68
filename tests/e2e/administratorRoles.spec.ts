// A group that a directory pushes by SCIM makes its members administrators: mapped in the console, opened from the portal,
// and over with the membership. The person signs in at another organization, since the directory keeps their password.
import { must } from "./harness/api.ts";
import { makeApplication } from "./harness/application.ts";
import { Console } from "./harness/console.ts";
import { Person } from "./harness/person.ts";
import { PASSWORD } from "./harness/team.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const GROUP = "IT Admins";

test("administrators by a pushed group", async ({ browser, muster }) => {
  const [source, target] = [await organization(muster, "Directory"), await organization(muster, "Roles")];
  const email = `ana@${source.slug}.example`;
  const admin = new Console(await (await browser.newContext({ baseURL: muster.url })).newPage(), muster, target);
  const ana = new Person(await (await browser.newContext({ baseURL: muster.url })).newPage(), muster);
  const here = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, target, method, path, body);

  const scim = async (base: string, token: string, method: string, path: string, body: unknown): Promise<{ id: string }> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
    const answer = await fetch(`${base}${path}`, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? { id: "" } : ((await answer.json()) as { id: string });
  };
  let [endpoint, token, group, person, directory] = ["", "", "", "", ""];
  await test.step("a directory pushes Ana and her group, and she signs in at it", async () => {
    const made = await here<{ id: string; endpoint: string; token: string }>("POST", "/api/v2/directoryproviders", { name: "Okta", type: "okta" });
    [endpoint, token, directory] = [made.endpoint, made.token, made.id];
    const user = { userName: "ana", name: { givenName: "Ana", familyName: "Okafor" }, emails: [{ value: email, primary: true }] };
    person = (await scim(endpoint, token, "POST", "/Users", user)).id;
    group = (await scim(endpoint, token, "POST", "/Groups", { displayName: GROUP, members: [{ value: person }] })).id;
    const there = await must<{ _id: string }>(muster, source, "POST", "/api/systemusers", { username: "ana", email, password: PASSWORD });
    const everybody = await must<{ id: string }>(muster, source, "POST", "/api/v2/usergroups", { name: "Everybody" });
    await must(muster, source, "POST", `/api/v2/usergroups/${everybody.id}/members`, { op: "add", type: "user", id: there._id });
    const oidc = { redirectUris: [`${muster.url}/oauth/callback`], dynamicClaims: [{ name: "email", value: "email" }] };
    const app = await makeApplication(muster, source, { label: "Roles", oidc, groups: [everybody.id] });
    const settings = { clientId: app.clientId, clientSecret: app.clientSecret, url: source.issuer };
    const idp = await here<{ id: string }>("POST", "/api/v2/identity-providers", { name: "Directory", type: "OIDC", oidc: settings });
    await here("POST", "/api/v2/identity-provider/policies", {
      name: "Everybody from there", enabled: true, identityProviderId: idp.id, userGroups: [], users: [person],
    });
  });

  await test.step("the group is given a role; who becomes an administrator is shown first", async () => {
    await admin.open();
    await admin.go("DIRECTORY INTEGRATIONS", "SCIM Provisioning");
    await admin.row("Okta").getByRole("link").click();
    await admin.tab("Group to Role Mapping").click();
    await admin.button("Add role mapping").click();
    await admin.page.getByRole("combobox", { name: "Group from the directory" }).fill(GROUP);
    await admin.page.keyboard.press("Escape");
    await admin.page.getByRole("combobox", { name: "What its members get" }).click();
    await admin.page.getByRole("option", { name: "Administrator", exact: true }).click();
    await expect(admin.field("At most so many people")).toHaveValue("20");
    await admin.button("Save").click();
    const asked = admin.page.getByRole("dialog", { name: "Change who is an administrator?" });
    await expect(asked.getByText(`1 person would become administrators (${email}).`)).toBeVisible();
    await asked.getByRole("button", { name: "Cancel" }).click();
    await expect(asked).toHaveCount(0);
    await admin.button("Save").click();
    await admin.saved(asked.getByRole("button", { name: "Save" }));
    await expect(admin.page.getByText("1 administrator by it.")).toBeVisible();
    await admin.go("SETTINGS", "Administrators");
    await expect(admin.row(email).getByRole("link", { name: `Okta: group ${GROUP}` })).toBeVisible();
    await expect(admin.row(email).getByRole("button")).toHaveCount(0);
  });

  await test.step("Ana opens Administration in the portal, and is in the console as herself", async () => {
    await ana.begin(email, `/o/${target.slug}/login`);
    await ana.password.fill(PASSWORD);
    await ana.button("SSO Login").click();
    await ana.expectPortal(target, email);
    await ana.page.getByRole("button", { name: /^Account of/ }).click();
    await ana.page.getByRole("menuitem", { name: "Administration" }).click();
    await expect(ana.page).toHaveURL(new RegExp(`/console/${target.slug}/?$`));
    await expect(ana.page.getByRole("navigation", { name: "Main" })).toBeVisible();
    await ana.page.getByRole("button", { name: "Account of Ana Okafor" }).click();
    await expect(ana.page.getByRole("menu").getByText(email, { exact: true })).toBeVisible();
    await ana.page.keyboard.press("Escape");
    const hers = new Console(ana.page, muster, target);
    await hers.addUser({ username: "bo", email: `bo@${target.slug}.example` });
  });

  await test.step("with Read Only she sees, and is told what is refused", async () => {
    const roleMappings = [{ group: GROUP, role: "Read Only" }];
    await here("PUT", `/api/v2/directoryproviders/${directory}`, { roleMappings, confirmed: true });
    const hers = new Console(ana.page, muster, target);
    await ana.page.reload();
    await expect(ana.page.getByText("Your role here is Read Only")).toBeVisible();
    await hers.go("USER MANAGEMENT", "Users");
    await expect(hers.button("Add user")).toBeDisabled();
    // A console that was open before she lost the role: the server refuses.
    const cy = { username: "cy", email: `cy@${target.slug}.example` };
    const headers = { "x-org-id": target.id };
    const refused = await ana.page.request.post("/api/systemusers", { data: cy, headers });
    expect(refused.status()).toBe(403);
    expect(await refused.text()).toMatch(/the role ..?Read Only..? of your account does not allow this/i);
  });

  await test.step("out of the group by SCIM: the console refuses at the next request, the portal goes on without the entry", async () => {
    const operations = { Operations: [{ op: "remove", path: `members[value eq "${person}"]` }] };
    await scim(endpoint, token, "PATCH", `/Groups/${group}`, operations);
    const hers = new Console(ana.page, muster, target);
    // The open page may find out first, and go to the login by itself in the middle of this.
    await ana.page.goto("about:blank");
    await ana.page.goto(`/console/${target.slug}`);
    await expect(hers.heading("Administrator Login")).toBeVisible();
    await ana.page.goto(`/portal/${target.slug}`);
    await ana.expectPortal(target, email);
    await ana.page.getByRole("button", { name: /^Account of/ }).click();
    await expect(ana.page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
    await expect(ana.page.getByRole("menuitem", { name: "Administration" })).toHaveCount(0);
  });
});
