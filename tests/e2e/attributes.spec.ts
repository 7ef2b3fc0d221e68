// Custom attributes with types, and lists narrowed by a rule, as an administrator meets them.
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

test("attributes and expressions", async ({ page, muster }) => {
  const org = await organization(muster, "Attributes");
  const ask = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, org, method, path, body);
  const person = (name: string, department: string, level: string) =>
    ask("POST", "/api/systemusers", {
      username: name,
      email: `${name}@${org.slug}.example`,
      department,
      attributes: [{ name: "level", value: level }],
    });
  await person("ana", "Sales", "9");
  await person("bo", "Sales", "ten");
  await person("cy", "Legal", "11");
  const console = new Console(page, muster, org);
  await console.open();

  await test.step("a type is refused while a value does not fit, with the person named", async () => {
    await console.go("SETTINGS", "Custom Attributes");
    await expect(page.getByText("Not declared: any text")).toBeVisible();
    await console.button("Declare type of level").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Type").click();
    await page.getByRole("option", { name: "Number" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByText(/1 person has a value that does not fit.*bo: "ten" is no number/)).toBeVisible();
    const { results } = await ask<{ results: { _id: string; username: string }[] }>("GET", "/api/systemusers?limit=100");
    const bo = results.find((one) => one.username === "bo");
    await ask("PUT", `/api/systemusers/${bo?._id}`, { attributes: [{ name: "level", value: "10" }] });
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("row", { name: /level/ })).toContainText("Number");
    if (process.env["MUSTER_E2E_SHOTS"]) await page.screenshot({ path: `${process.env["MUSTER_E2E_SHOTS"]}/attributes.png` });
  });

  await test.step("a list is narrowed by a rule that is kept in the address", async () => {
    await console.go("USER MANAGEMENT", "Users");
    await console.button("Expression").click();
    const text = page.getByRole("textbox", { name: "Expression" });
    await text.fill('department equals "Sales" and attributes.level greater than "9"');
    await console.button("Apply").click();
    await expect(page).toHaveURL(/expression=/);
    await expect(console.row("bo")).toBeVisible();
    await expect(console.row("ana")).toBeHidden();
    await page.reload();
    await expect(console.row("bo")).toBeVisible();
    await expect(console.row("ana")).toBeHidden();
    if (process.env["MUSTER_E2E_SHOTS"]) await page.screenshot({ path: `${process.env["MUSTER_E2E_SHOTS"]}/expression.png` });
    await text.fill('attributes.level contains "1"');
    await console.button("Apply").click();
    await expect(page.getByText(/does not apply to level/).first()).toBeVisible();
    await console.button("Clear").click();
    await expect(console.row("ana")).toBeVisible();
  });

  await test.step("the same rule in rows and as text is no unsaved change", async () => {
    await ask("POST", "/api/v2/usergroups", {
      name: "Sellers",
      membershipMethod: "DYNAMIC_AUTOMATED",
      memberQuery: { queryType: "Expression", expression: 'department equals "Sales"' },
    });
    await console.go("USER MANAGEMENT", "User Groups");
    await page.getByRole("link", { name: "Sellers" }).click();
    await expect(page.getByText(/^2 of .* meet the rule/)).toBeVisible();
    await page.getByText("Expression", { exact: true }).click();
    await expect(page.getByRole("textbox", { name: "Rule", exact: true })).toHaveValue('department equals "Sales"');
    await expect(console.button("Save Group")).toBeHidden();
    await page.getByText("Conditions", { exact: true }).click();
    await expect(page.getByRole("group", { name: "Condition 1" })).toBeVisible();
    await expect(console.button("Save Group")).toBeHidden();
    // A number takes the operators of numbers.
    await page.getByRole("group", { name: "Condition 1" }).getByLabel("Attribute").click();
    await page.getByRole("option", { name: "level", exact: true }).click();
    await page.getByRole("group", { name: "Condition 1" }).getByLabel("Operator").click();
    await expect(page.getByRole("option", { name: "greater than", exact: true })).toBeVisible();
    await expect(page.getByRole("option", { name: "contains", exact: true })).toHaveCount(0);
  });
});
