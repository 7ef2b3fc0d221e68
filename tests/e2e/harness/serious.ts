// What axe-core finds on a page that is serious or critical. Never here: which page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type axe from "axe-core";
import { painted } from "./everyPage.ts";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Dark is the same page in other colours. */
export const schemes: ["light" | "dark", string[] | undefined][] = [
  ["light", undefined],
  ["dark", ["color-contrast"]],
];

/** What is serious or critical, each with the element it is at. */
export async function serious(page: Page, rules?: string[]): Promise<string[]> {
  // By the debugger: the pages' content security policy lets no other script in.
  await page.evaluate(source);
  const results = await page.evaluate(
    (options) => (globalThis as unknown as { axe: typeof axe }).axe.run(options),
    rules ? { runOnly: rules } : {},
  );
  const found = results.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  return found.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 200)}: ${node.any[0]?.message ?? ""}`));
}

/** How far the page reaches beyond the window, in pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Looks at a page as it stands: light, dark and narrow. What is wrong; a picture of each is kept. */
export async function lookedAt(page: Page, name: string, shot: (name: string) => string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [colorScheme, rules] of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await painted(page, colorScheme);
    wrong.push(...(await serious(page, rules)).map((one) => `${name}, ${colorScheme}: ${one}`));
    await page.screenshot({ path: shot(`${name}-${colorScheme}.png`), fullPage: true });
  }
  const before = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  await painted(page, "dark");
  const beyond = await overflow(page);
  if (beyond > 0) wrong.push(`${name}, 390 px: ${beyond} px wider than the window`);
  await page.screenshot({ path: shot(`${name}-narrow-dark.png`), fullPage: true });
  await page.emulateMedia({ colorScheme: "light" });
  await painted(page, "light");
  await page.screenshot({ path: shot(`${name}-narrow-light.png`), fullPage: true });
  if (before) await page.setViewportSize(before);
  return wrong;
}
