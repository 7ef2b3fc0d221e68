// Looks at pages: `node dev/shots.mjs name=/path ...` writes .shots/<name>-<width>-<scheme>.png and prints axe findings.
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const base = process.env.BASE ?? "http://127.0.0.1:5173";
const widths = (process.env.WIDTHS ?? "1440,390").split(",").map(Number);
const schemes = (process.env.SCHEMES ?? "light,dark").split(",");
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const pages = process.argv.slice(2).map((arg) => [arg.slice(0, arg.indexOf("=")), arg.slice(arg.indexOf("=") + 1)]);
mkdirSync(new URL("../.shots/", import.meta.url), { recursive: true });

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
for (const width of widths) {
  for (const colorScheme of schemes) {
    const context = await browser.newContext({ viewport: { width, height: width > 700 ? 900 : 844 }, colorScheme });
    const page = await context.newPage();
    page.on("pageerror", (error) => console.log("PAGE ERROR", error.message));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") console.log(message.type(), message.text());
    });
    for (const [name, steps] of pages) {
      const [path, ...clicks] = steps.split("|");
      await page.goto(base + path);
      await page.waitForLoadState("networkidle");
      for (const click of clicks) {
        const [kind, what, value] = click.split(":");
        if (kind === "fill") await page.getByLabel(what).first().fill(value);
        else if (kind === "press") await page.keyboard.press(what);
        else if (kind === "text") await page.getByText(what).first().click();
        else
          await page
            .getByRole(kind, { name: new RegExp(what, "i") })
            .first()
            .click();
        await page.waitForTimeout(250);
      }
      await page.waitForTimeout(300);
      const file = new URL(`../.shots/${name}-${width}-${colorScheme}.png`, import.meta.url).pathname;
      await page.screenshot({ path: file, fullPage: process.env.FULL === "1" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (wide > 0) console.log(`${name} ${width}: scrolls sideways by ${wide}px`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run());
      for (const one of found.violations) {
        console.log(`axe ${name} ${width} ${colorScheme}: ${one.impact} ${one.id} ${one.nodes.length}x`);
        for (const node of one.nodes.slice(0, 3)) {
          console.log(
            "   ",
            node.html.slice(0, 160),
            "|",
            node.any[0]?.message?.slice(0, 160) ?? node.failureSummary?.slice(0, 120),
          );
        }
      }
    }
    await context.close();
  }
}
await browser.close();
