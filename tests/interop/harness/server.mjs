// The real binary on a free port, with data of its own.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { engine, freshDatabase } from './database.mjs';
import { Organization } from './organization.mjs';
import { freePort, waitFor } from './wait.mjs';

const ADMIN_EMAIL = 'admin@installation.example';
const ADMIN_PASSWORD = 'Correct-horse-42-battery';
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

function binary() {
  return process.env.MUSTER_BIN ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(ROOT, 'target'), 'debug', 'muster');
}

/**
 * Starts a server. `host` is the name in its public URL; `args` are further flags of `serve`. Private networks are
 * closed to it unless `egressAllow` opens them: the counterparts of these tests are on 127.0.0.1.
 */
export async function startMuster({ host = '127.0.0.1', egressAllow = ['127.0.0.1/32'], args = [] } = {}) {
  const data = await mkdtemp(path.join(tmpdir(), 'muster-interop-'));
  const database = engine() === 'postgres' ? await freshDatabase() : null;
  const port = await freePort();
  const muster = new Muster({ data, database, port, base: `http://${host}:${port}`, egressAllow, args });
  await muster.start();
  return muster;
}

/** A test that ends badly leaves no server behind. */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

class Muster {
  #process = null;
  #apiKey = null;

  constructor({ data, database, port, base, egressAllow, args }) {
    Object.assign(this, { data, database, port, base, egressAllow, args, log: [] });
  }

  #store() {
    return ['--data', this.data, '--public-url', this.base, ...(this.database ? ['--database-url', this.database.url] : [])];
  }

  /** Starts the process; also after `halt`. */
  async start() {
    const allow = this.egressAllow.flatMap((net) => ['--egress-allow', net]);
    const args = ['serve', '--dev', '--listen', `127.0.0.1:${this.port}`, ...this.#store(), ...allow, ...this.args];
    this.#process = spawn(binary(), args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment() });
    this.#process.stderr.setEncoding('utf8').on('data', (text) => this.log.push(text));
    this.#process.on('error', (error) => this.log.push(`${error}: build it with cargo build -p muster-server, or set MUSTER_BIN\n`));
    running.add(this.#process);
    const child = this.#process;
    child.on('exit', () => running.delete(child));
    const ready = async () => {
      if (this.#process.exitCode !== null || this.#process.pid === undefined) throw new Error(`the server ended:\n${this.log.join('')}`);
      return fetch(`${this.base}/readyz`).then((answer) => answer.ok, () => false);
    };
    await waitFor(ready, `the server at ${this.base}\n${this.log.join('')}`);
  }

  /** Ends the process as an operator would; the data stay. */
  async halt() {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const slow = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(slow);
  }

  /** Ends the process as a fault of the machine would: with no time for anything. */
  async kill() {
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  /** Ends everything. */
  async stop() {
    await this.halt();
    await this.database?.drop();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Makes an organization by `muster setup`; all have one administrator and one API key. */
  async organization(name, slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')) {
    const secret = path.join(this.data, 'admin-password');
    await writeFile(secret, ADMIN_PASSWORD);
    const args = ['setup', ...this.#store(), '--org', name, '--slug', slug, '--admin-email', ADMIN_EMAIL];
    args.push('--admin-password-file', secret, '--json');
    const { stdout } = await promisify(execFile)(binary(), args, { env: environment() });
    const made = JSON.parse(stdout);
    this.#apiKey ??= made.api_key;
    return new Organization(this, { id: made.org_id, slug: made.org_slug, name, issuer: made.issuer, apiKey: this.#apiKey });
  }
}

/** Our own environment without settings that would leak into the server under test. */
function environment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('MUSTER_') || name === 'MUSTER_LOG');
  return Object.fromEntries(kept);
}
