import { defineConfig } from "@playwright/test";
import type { WorkerOptions } from "./harness/test.ts";

// Debian's chromium: no browser is downloaded.
const chromium = {
  executablePath: process.env["MUSTER_E2E_CHROMIUM"] ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

export default defineConfig<object, WorkerOptions>({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "test-results",
  workers: Number(process.env["MUSTER_E2E_WORKERS"] ?? 2),
  // A second try tells a slow machine from a fault; it is reported as flaky.
  retries: process.env["CI"] ? 1 : 0,
  forbidOnly: Boolean(process.env["CI"]),
  // Deadlines, not waits: generous, since the machine may be building as well.
  timeout: 300_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    launchOptions: chromium,
    viewport: { width: 1440, height: 900 },
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    permissions: ["clipboard-read", "clipboard-write"],
    screenshot: "only-on-failure",
    trace: process.env["MUSTER_E2E_TRACE"] ? "retain-on-failure" : "off",
  },
  projects: [
    { name: "sqlite", use: { engine: "sqlite" } },
    { name: "postgres", use: { engine: "postgres" } },
  ],
});
