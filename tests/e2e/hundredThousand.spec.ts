// By hand: MUSTER_MANY=100000 npx playwright test hundredThousand --project sqlite. The members of a group of a hundred
// thousand in the real browser: how long until rows are there, and the longest task while paging. Prints; fails nothing.
import type { Page } from "@playwright/test";
import { must } from "./harness/api.ts";
import { Console } from "./harness/console.ts";
import { organization } from "./harness/tenancy.ts";
import { expect, test } from "./harness/test.ts";

const MANY = Number(process.env["MUSTER_MANY"] ?? 0);

/** The longest task since the page began, in milliseconds. */
const longest = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(0, ...((window as unknown as { tasks: number[] }).tasks ?? [])));

test("the members of a group of many", async ({ page, muster }) => {
  test.skip(MANY === 0, "by hand");
  test.setTimeout(1_800_000);
  const org = await organization(muster, "Many");
  const ask = <Body>(method: string, path: string, body?: unknown) => must<Body>(muster, org, method, path, body);
  const group = await ask<{ id: string }>("POST", "/api/v2/usergroups", {
    name: "Sales",
    membershipMethod: "DYNAMIC_AUTOMATED",
    memberQuery: { queryType: "Expression", expression: 'department equals "Sales"' },
  });
  for (let from = 0; from < MANY; from += 1000) {
    const rows = Array.from({ length: Math.min(1000, MANY - from) }, (_, n) => ({
      email: `p${from + n}@${org.slug}.example`,
      firstname: `First${from + n}`,
      lastname: `Last${(from + n) % 977}`,
      department: "Sales",
    }));
    await ask("POST", "/api/v2/users/import", { rows });
  }
  await page.addInitScript(() => {
    const tasks: number[] = [];
    (window as unknown as { tasks: number[] }).tasks = tasks;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(entry.duration);
    }).observe({ type: "longtask", buffered: true });
  });
  const console_ = new Console(page, muster, org);
  await console_.open();
  const said: [string, number, number][] = [];
  const timed = async (what: string, act: () => Promise<unknown>, shown: () => Promise<unknown>) => {
    await page.evaluate(() => {
      (window as unknown as { tasks: number[] }).tasks.length = 0;
    });
    const began = performance.now();
    await act();
    await shown();
    said.push([what, performance.now() - began, await longest(page)]);
  };
  const rows = page.getByRole("table", { name: "Members" }).getByRole("row");
  const first = rows.nth(1);
  const settled = () => expect(rows).toHaveCount(51);
  await page.goto(`/console/${org.slug}/user-groups/${group.id}`);
  await expect(console_.tab("Users")).toBeVisible();
  await timed("open the Users tab", () => console_.tab("Users").click(), settled);
  for (const n of [1, 2, 3]) {
    const before = await first.textContent();
    await timed(`page ${n + 1}`, () => page.getByRole("button", { name: /next/i }).click(), () => expect(first).not.toHaveText(before ?? ""));
  }
  await timed("scroll to its end", () => page.mouse.wheel(0, 20_000), settled);
  await timed("search", () => page.getByLabel("Search members").fill(`p${MANY - 1}@`), () => expect(rows).toHaveCount(2));
  await timed("the page anew", () => page.goto(`/console/${org.slug}/user-groups/${group.id}?tab=users`), settled);
  const everyone = page.getByRole("table", { name: "Users" }).getByRole("row");
  await timed("the list of users", () => page.goto(`/console/${org.slug}/users`), () => expect(everyone).toHaveCount(51));
  await timed(
    "the same by an expression",
    () => page.goto(`/console/${org.slug}/users?expression=${encodeURIComponent('department equals "Sales" and lastname equals "Last5"')}`),
    () => expect(everyone.nth(1)).toContainText("Last5"),
  );
  for (const n of [1, 2]) {
    await timed(
      `the live count, ${n === 1 ? "first" : "next key"}`,
      async () => {
        const body = { memberQuery: { queryType: "Expression", expression: `lastname equals "Last${n}"` } };
        await ask("POST", "/api/v2/usergroups/count", body);
      },
      async () => undefined,
    );
  }
  for (const [what, ms, task] of said) console.log(`${what}: ${Math.round(ms)} ms, longest task ${Math.round(task)} ms`);
});
