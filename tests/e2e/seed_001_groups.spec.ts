// Seed 001's part on dynamic groups: what the panel showed (attributes, exemptions, the review box, All Users), and each thing
// that its audience asked for.
import { api, must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

interface Group {
  id: string;
  membershipMethod: string;
  memberCount: number;
  memberQueryText?: string;
}

test("dynamic groups", async ({ page, muster }) => {
  test.setTimeout(180_000);
  const org = await organization(muster, "Dynamic");
  const ask = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, org, method, path, body);
  const user = (name: string, more: object) =>
    ask<{ _id: string }>("POST", "/api/systemusers", { username: name, email: `${name}@${org.slug}.example`, ...more });
  const ana = await user("ana", { department: "Sales", jobTitle: "Lead" });
  await user("ben", { department: "Sales", jobTitle: "Account intern" });
  const cy = await user("cy", { department: "Legal", description: "IT admin" });
  await user("dora", { department: "Legal" });
  const console = new Console(page, muster, org);
  await console.open();
  const dialog = () => page.getByRole("dialog");
  const condition = (n: number) => page.getByRole("group", { name: `Condition ${n}`, exact: true });
  const choose = async (n: number, label: string, option: string | RegExp) => {
    await condition(n).getByRole("combobox", { name: label, exact: true }).click();
    await page.getByRole("option", typeof option === "string" ? { name: option, exact: true } : { name: option }).first().click();
  };
  const members = async (of: string) => {
    const groups = await ask<Group[]>("GET", `/api/v2/usergroups?filter=name:eq:${encodeURIComponent(of)}`);
    const found = await ask<{ results: { username: string }[] }>("GET", `/api/v2/usergroups/${groups[0]?.id}/memberlist?limit=100`);
    return found.results.map((one) => one.username);
  };

  await test.step("a new tenant has a default dynamic group for all users", async () => {
    await console.go("USER MANAGEMENT", "User Groups");
    await expect(console.row("All Users")).toContainText("Dynamic");
    await expect(console.row("All Users")).toContainText("4");
  });

  await test.step("users move in and out by attributes, with the review box unchecked", async () => {
    await console.button("Add user group").click();
    await console.field("Name").fill("Sales");
    await page.getByRole("radio", { name: "Dynamic" }).check();
    await expect(page.getByLabel("Require administrative review of updates")).not.toBeChecked();
    await choose(1, "Attribute", "Department");
    await choose(1, "Operator", "equals");
    await condition(1).getByLabel("Value").fill("Sales");
    await expect(page.getByText(/^2 of .* meet the rule/)).toBeVisible();
    // "Are there plans to add a contains operator?"
    await console.button("Add condition").click();
    await choose(2, "Attribute", "Job Title");
    await choose(2, "Operator", "does not contain");
    await condition(2).getByLabel("Value").fill("intern");
    await console.button("Preview").click();
    await expect(page.getByRole("region", { name: "Preview" })).toContainText("1 member");
    await console.button("Save Group").click();
    await expect(console.heading("Sales")).toBeVisible();
    expect(await members("Sales")).toEqual(["ana"]);
    await ask("PUT", `/api/systemusers/${cy._id}`, { department: "Sales" });
    expect(await members("Sales"), "right at commit").toEqual(["ana", "cy"]);
  });

  await test.step("the same rule as text (the ask for SpEL), with faults under the cursor", async () => {
    await page.getByText("Expression", { exact: true }).click();
    const rule = page.getByRole("textbox", { name: "Rule", exact: true });
    await expect(rule).toHaveValue('department equals "Sales" and jobTitle does not contain "intern"');
    await rule.fill('department equals "Sales" and (jobTitle does not contain "intern"');
    await expect(page.getByText(/the closing parenthesis is missing/)).toBeVisible();
    await rule.fill("department ");
    await expect(page.getByRole("group", { name: "What may come next in Rule" }).getByRole("button", { name: "equals", exact: true })).toBeVisible();
    await rule.fill('department in ("Sales", "Support") and not (jobTitle contains "intern")');
    await expect(page.getByText("The rule reads.").first()).toBeVisible();
  });

  await test.step("never add a user with admin in the description: exclusions by rule", async () => {
    await page.getByRole("textbox", { name: "Exclude rule" }).fill('description contains "admin"');
    await expect(page.getByText(/^1 of .* meets? the rule/)).toBeVisible();
    await console.button("Save Group").click();
    await expect(dialog()).toContainText("1 person leaves the group.");
    await console.saved(dialog().getByRole("button", { name: "Save Group" }));
    expect(await members("Sales")).toEqual(["ana"]);
  });

  await test.step("exemptions: in or out whatever the rule says, with a reason and a last day", async () => {
    await page.getByRole("combobox", { name: "Exempt a user" }).fill("dora");
    await page.getByRole("option", { name: /dora/ }).click();
    await page.getByLabel("Reason of the exemption of dora").fill("Helps out in December");
    await page.getByLabel("Last day of the exemption of dora").fill("2099-12-31");
    await console.saved(console.button("Save Group"));
    expect(await members("Sales")).toEqual(["ana", "dora"]);
  });

  await test.step("why: every clause, the value it saw, and the change that did it", async () => {
    await console.tab("Users").click();
    await console.button("Why ana").click();
    const why = dialog().getByRole("region", { name: "Why" });
    await expect(why).toContainText("A member by the rule");
    await expect(why).toContainText('Department in "Sales", "Support"');
    await expect(why).toContainText("It is “Sales”.");
    await page.keyboard.press("Escape");
    await page.getByRole("combobox", { name: "Why is a user in or not?" }).fill("cy");
    await page.getByRole("option", { name: /cy@/ }).click();
    await expect(why).toContainText("Not a member: kept out by the exclude rule");
    await expect(why).toContainText("It is “IT admin”.");
    await page.keyboard.press("Escape");
    await expect(dialog()).toBeHidden();
    await page.goto(`/console/${org.slug}/users/${ana._id}?tab=groups`);
    await console.button("Why Sales").click();
    await expect(why).toContainText("A member by the rule");
    await page.keyboard.press("Escape");
  });

  await test.step("if they are in group A, add them to group B: references, and nested groups", async () => {
    await page.goto(`/console/${org.slug}/user-groups/new`);
    await console.field("Name").fill("Sellers of the year");
    await page.getByRole("radio", { name: "Dynamic" }).check();
    await choose(1, "Attribute", "User Group");
    await choose(1, "Operator", "member of");
    await condition(1).getByRole("combobox", { name: "Value" }).click();
    await page.getByRole("option", { name: "Sales", exact: true }).click();
    await page.keyboard.press("Escape");
    await console.button("Save Group").click();
    await expect(console.heading("Sellers of the year")).toBeVisible();
    expect(await members("Sellers of the year")).toEqual(["ana", "dora"]);
    await page.goto(`/console/${org.slug}/user-groups/new`);
    await console.field("Name").fill("Everyone who sells");
    await page.getByRole("combobox", { name: "Member groups" }).fill("Sellers");
    await page.getByRole("option", { name: "Sellers of the year" }).click();
    await console.button("Save Group").click();
    await expect(console.heading("Everyone who sells")).toBeVisible();
    expect(await members("Everyone who sells")).toEqual(["ana", "dora"]);
    // A way back is refused with the way.
    const sales = (await ask<Group[]>("GET", "/api/v2/usergroups?filter=name:eq:Sales"))[0];
    const back = await api(muster, org, "PUT", `/api/v2/usergroups/${sales?.id}`, {
      name: "Sales",
      memberQuery: { queryType: "Expression", expression: 'member of "Everyone who sells"' },
    });
    expect(back.status).toBe(400);
    expect(JSON.stringify(back.body)).toContain("Sales → Everyone who sells → Sellers of the year → Sales");
  });

  await test.step("let us copy an existing group", async () => {
    await page.goto(`/console/${org.slug}/user-groups`);
    await console.row("Sellers of the year").getByRole("link").click();
    await console.button("Actions").click();
    await page.getByRole("menuitem", { name: "Copy" }).click();
    await dialog().getByLabel("Name of the copy").fill("Sellers again");
    await dialog().getByRole("button", { name: "Copy group" }).click();
    await expect(console.heading("Sellers again")).toBeVisible();
    expect(await members("Sellers again")).toEqual(["ana", "dora"]);
  });

  await test.step("migration: a group with suggestions, reviewed, then fully dynamic", async () => {
    await page.goto(`/console/${org.slug}/user-groups/new`);
    await console.field("Name").fill("Law");
    await page.getByRole("radio", { name: "Dynamic" }).check();
    await page.getByLabel("Require administrative review of updates").check();
    await choose(1, "Attribute", "Department");
    await choose(1, "Operator", "equals");
    await condition(1).getByLabel("Value").fill("Legal");
    await console.button("Save Group").click();
    await expect(console.heading("Law")).toBeVisible();
    expect(await members("Law")).toEqual([]);
    await console.tab("Suggestions (1)").click();
    await console.button("Accept dora").click();
    await expect(page.getByText("Nothing to review")).toBeVisible();
    expect(await members("Law")).toEqual(["dora"]);
    await ask("PUT", `/api/systemusers/${cy._id}`, { department: "Legal" });
    await console.tab("Details").click();
    await page.getByLabel("Require administrative review of updates").uncheck();
    await console.saved(console.button("Save Group"));
    expect(await members("Law")).toEqual(["cy", "dora"]);
  });

  await test.step("device groups, and user and device groups linked together", async () => {
    const rows = [
      { displayName: "Ana's Mac", osFamily: "darwin", owner: `ana@${org.slug}.example`, fde: { active: false } },
      { displayName: "Build server", osFamily: "linux" },
    ];
    await ask("POST", "/api/v2/systems/import", rows);
    await console.go("DEVICE MANAGEMENT", "Device Groups");
    await expect(console.row("All Devices")).toContainText("2");
    await expect(console.row("Mac Devices")).toContainText("1");
    await console.button("Add device group").click();
    await console.field("Name").fill("Laptops of Sales");
    await page.getByRole("radio", { name: "Dynamic" }).check();
    await page.getByText("Expression", { exact: true }).click();
    await page.getByRole("textbox", { name: "Rule", exact: true }).fill('owner member of "Sales"');
    await expect(page.getByText(/^1 of .* meets? the rule/)).toBeVisible();
    await console.button("Save Group").click();
    await expect(console.heading("Laptops of Sales")).toBeVisible();
    await console.tab("Devices").click();
    await expect(console.row("Ana's Mac")).toBeVisible();
    await ask("PUT", `/api/systemusers/${ana._id}`, { department: "Legal" });
    await page.reload();
    await expect(page.getByText("Nobody is in this group yet.")).toBeVisible();
  });
});
