// Playwright's `test` with a server: the engine is the project's, the server the worker's, its log shown on failure.
import { test as base } from "@playwright/test";
import { type Engine, Muster } from "./muster.ts";

const LOG_SHOWN = 12_000;

export interface WorkerOptions {
  engine: Engine;
}

interface WorkerFixtures extends WorkerOptions {
  muster: Muster;
}

interface Fixtures {
  serverLog: undefined;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  engine: ["sqlite", { option: true, scope: "worker" }],
  muster: [
    async ({ engine }, use) => {
      const muster = await Muster.start(engine);
      await use(muster);
      await muster.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ muster }, use) => use(muster.url),
  serverLog: [
    async ({ muster }, use, info) => {
      const before = muster.logged;
      await use(undefined);
      const log = muster.log(before);
      if (info.status !== info.expectedStatus) {
        await info.attach("server.log", { body: log, contentType: "text/plain" });
        process.stdout.write(`--- the server's log (${muster.engine}):\n${log.slice(-LOG_SHOWN)}\n---\n`);
      }
    },
    { auto: true },
  ],
});

export { expect } from "@playwright/test";
