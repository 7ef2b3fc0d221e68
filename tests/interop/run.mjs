// Runs every test on each engine: MUSTER_ENGINE=sqlite|postgres chooses one; without it SQLite, and PostgreSQL too where
// MUSTER_TEST_POSTGRES_URL names a server to make databases in. Arguments are files or folders to run instead of all.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const engines = process.env.MUSTER_ENGINE ? [process.env.MUSTER_ENGINE] : ['sqlite', ...(process.env.MUSTER_TEST_POSTGRES_URL ? ['postgres'] : [])];
const all = readdirSync(here, { recursive: true }).filter((file) => file.endsWith('.test.mjs') && !file.includes('node_modules'));
const files = process.argv.length > 2 ? process.argv.slice(2) : all.sort();

let failed = false;
for (const engine of engines) {
  console.log(`\n# interop on ${engine}`);
  const args = ['--test', '--test-concurrency=2', '--test-timeout=600000', '--test-reporter=spec', ...files];
  const { status } = spawnSync(process.execPath, args, { cwd: here, stdio: 'inherit', env: { ...process.env, MUSTER_ENGINE: engine } });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
