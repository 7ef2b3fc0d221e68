// A PostgreSQL to make databases in: the one that MUSTER_TEST_POSTGRES_URL names, else a private one of this process
// from Debian's package (as crates/db/src/testing does for the Rust tests), gone when the process is.
import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { freePort } from "./port.ts";

/** Makes the cluster, starts it, says so, and waits for the end of its input: that comes when our process ends, also by kill -9. */
const WATCHDOG = `
"$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$2/log" 2>&1 </dev/null &&
"$1/pg_ctl" -D "$2/data" -l "$2/log" -w -t 60 -o "-p $3 -c listen_addresses=127.0.0.1 -c unix_socket_directories='$2' \
-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 -c shared_buffers=64MB" \
start >/dev/null 2>&1 </dev/null && echo ready || { echo failed; tail -n 20 "$2/log" >&2; }
cat >/dev/null
"$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1
cd / && rm -rf "$2"
`;

let admin: Promise<string> | undefined;
let made = 0;

/** The URL of a new, empty database. It stays until its server ends. */
export async function freshDatabase(): Promise<string> {
  const given = process.env["MUSTER_TEST_POSTGRES_URL"];
  admin ??= given ? Promise.resolve(given) : start();
  const url = new URL(await admin);
  const name = `muster_e2e_${process.pid}_${Date.now()}_${made++}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  await client.end();
  url.pathname = `/${name}`;
  return url.href;
}

async function start(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "muster-e2e-pg-"));
  const port = await freePort();
  // As root the server runs as its own user, which PostgreSQL asks for.
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  if (user) chownSync(folder, user.uid, user.gid);
  const watchdog = spawn("/bin/sh", ["-c", WATCHDOG, "muster-e2e-postgres", programs(), folder, String(port)], {
    cwd: folder,
    // A group of its own: Ctrl-C at the terminal ends the tests, and the watchdog then cleans up.
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
    ...user,
  });
  const lines = createInterface({ input: watchdog.stdout });
  for await (const line of lines) {
    if (line === "ready") break;
    throw new Error("initdb or the server failed; its log is above");
  }
  watchdog.unref();
  for (const stream of [watchdog.stdin, watchdog.stdout]) (stream as unknown as { unref(): void }).unref();
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

/** The newest version that Debian's packages have put here. */
function programs(): string {
  const home = "/usr/lib/postgresql";
  const versions = existsSync(home) ? readdirSync(home).map(Number) : [];
  const newest = versions.filter((version) => existsSync(`${home}/${version}/bin/initdb`)).sort((a, b) => b - a)[0];
  if (newest === undefined) throw new Error(`no ${home}/*/bin/initdb: apt-get install postgresql`);
  return `${home}/${newest}/bin`;
}

function postgresUser(): { uid: number; gid: number } {
  const line = readFileSync("/etc/passwd", "utf8").split("\n").find((one) => one.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (!uid || !gid) throw new Error("no user postgres: apt-get install postgresql");
  return { uid: Number(uid), gid: Number(gid) };
}
