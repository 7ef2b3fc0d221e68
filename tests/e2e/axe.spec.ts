// axe-core on every page, light and dark: no serious and no critical violation.
import type { BrowserContext, Page } from "@playwright/test";
import { everyPage, painted } from "./harness/everyPage.ts";
import { Muster } from "./harness/muster.ts";
import { schemes, serious } from "./harness/serious.ts";
import { expect, test } from "./harness/test.ts";
import { buildWorld, closeWorld, type World } from "./harness/world.ts";

test.describe.configure({ mode: "default" });

let world: World | undefined;

test.beforeAll(async ({ muster, browser }) => {
  world = await buildWorld(muster, browser);
});

test.afterAll(async () => {
  if (world) await closeWorld(world);
});

const parts = ["console-", "portal-", "signin-"].map((start) => [start, everyPage.filter((one) => one.name.startsWith(start))] as const);

for (const [part, pages] of parts) {
  test(`axe finds nothing serious: ${part.slice(0, -1)}`, async () => {
    // Some fifty pages, twice each.
    test.setTimeout(900_000);
    if (!world) throw new Error("there is nothing to look at");
    const at = world;
    // One page per browser: opening one costs more than what is done in it.
    const open = new Map<BrowserContext, Page>();
    for (const shown of pages) {
      await test.step(shown.name, async () => {
        const context = at[shown.as];
        const page = open.get(context) ?? (await context.newPage());
        open.set(context, page);
        for (const [colorScheme, rules] of schemes) {
          await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
          if (colorScheme === "light") await shown.open(page, at);
          await painted(page, colorScheme);
          expect.soft(await serious(page, rules), `${shown.name}, ${colorScheme}`).toEqual([]);
        }
      });
    }
    for (const page of open.values()) await page.close();
  });
}

test("axe finds nothing serious: first run", async ({ engine, page }) => {
  const empty = await Muster.start(engine);
  const told = () => /First run: open (\S+)/.exec(empty.log())?.[1];
  await expect.poll(told, "the address of the first run").toBeTruthy();
  const address = told();
  for (const [colorScheme, rules] of schemes) {
    await page.emulateMedia({ colorScheme });
    await page.goto(address ?? "");
    await expect(page.getByRole("heading", { name: "Set up Muster" })).toBeVisible();
    expect.soft(await serious(page, rules), `first run, ${colorScheme}`).toEqual([]);
  }
  await empty.stop();
});
