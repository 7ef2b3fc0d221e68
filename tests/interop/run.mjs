// Runs every test on each engine: MUSTER_ENGINE=sqlite|postgres chooses one, without it both are run. PostgreSQL is the
// one that MUSTER_TEST_POSTGRES_URL names, else a private one. Arguments are files or folders to run instead of all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './harness/wait.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const engines = process.env.MUSTER_ENGINE ? [process.env.MUSTER_ENGINE] : ['sqlite', 'postgres'];

function files() {
  if (process.argv.length > 2) return process.argv.slice(2);
  const all = readdirSync(here, { recursive: true });
  return all.filter((file) => file.endsWith('.test.mjs') && !file.includes('node_modules')).sort();
}

/** A server that lasts until `stop`, or until this process ends. */
async function privatePostgres() {
  const watchdog = spawn(`${here}private-postgres.sh`, [String(await freePort())], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const [url] = await Promise.race([once(createInterface({ input: watchdog.stdout }), 'line'), once(watchdog, 'exit').then(() => [null])]);
  if (!url) throw new Error('no PostgreSQL for the tests; the reason is above');
  return { url, stop: () => watchdog.stdin.end() };
}

async function run(engine, postgresUrl) {
  console.log(`\n# interop on ${engine}`);
  const args = ['--test', '--test-concurrency=2', '--test-timeout=600000', '--test-force-exit', '--test-reporter=spec', ...files()];
  const env = { ...process.env, MUSTER_ENGINE: engine, ...(postgresUrl ? { MUSTER_TEST_POSTGRES_URL: postgresUrl } : {}) };
  const [status] = await once(spawn(process.execPath, args, { cwd: here, stdio: 'inherit', env }), 'exit');
  return status === 0;
}

let passed = true;
for (const engine of engines) {
  const own = engine === 'postgres' && !process.env.MUSTER_TEST_POSTGRES_URL ? await privatePostgres() : null;
  passed = (await run(engine, own?.url)) && passed;
  own?.stop();
}
process.exitCode = passed ? 0 : 1;
