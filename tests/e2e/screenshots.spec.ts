// `npm run screenshots`: every page at 1440 and 390 pixels, light and dark, into the folder MUSTER_E2E_SHOTS, to be
// looked at. Asserts only that no page scrolls sideways.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { everyPage, painted } from "./harness/everyPage.ts";
import { expect, test } from "./harness/test.ts";
import { buildWorld, closeWorld } from "./harness/world.ts";

const folder = process.env["MUSTER_E2E_SHOTS"];
const only = process.env["MUSTER_E2E_SHOTS_OF"] ?? "";

test("screenshots", async ({ muster, browser }) => {
  test.skip(!folder, "only with MUSTER_E2E_SHOTS=folder");
  test.setTimeout(1_200_000);
  mkdirSync(folder ?? "", { recursive: true });
  const world = await buildWorld(muster, browser);
  for (const shown of everyPage.filter((one) => one.name.includes(only))) {
    for (const width of [1440, 390]) {
      const page = await world[shown.as].newPage();
      await page.setViewportSize({ width, height: width > 700 ? 900 : 844 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        if (colorScheme === "light") await shown.open(page, world);
        await painted(page, colorScheme);
        await page.screenshot({ path: join(folder ?? "", `${shown.name}-${width}-${colorScheme}.png`), fullPage: true });
      }
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(sideways, `${shown.name} at ${width} scrolls sideways`).toBeLessThanOrEqual(0);
      await page.close();
    }
  }
  await closeWorld(world);
});
