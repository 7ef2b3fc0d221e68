// The real server: `muster serve` on a fresh database, and `muster setup` for its organizations. Never here: the browser.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./port.ts";
import { freshDatabase } from "./postgres.ts";

export type Engine = "sqlite" | "postgres";

/** A password that the rules accept. */
export const ADMIN_PASSWORD = "quiet lantern over nine rivers";

export interface Administrator {
  email: string;
  password: string;
  /** For the header x-api-key. */
  apiKey: string;
}

export interface Organization {
  id: string;
  name: string;
  slug: string;
  issuer: string;
  admin: Administrator;
}

interface SetupAnswer {
  org_id: string;
  org_slug: string;
  issuer: string;
  api_key: string | null;
}

export interface Mail {
  to: string;
  subject: string;
  text: string;
  link: string | null;
}

const READY_WITHIN_MS = 45_000;

function binary(): string {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const path = process.env["MUSTER_BIN"] ?? join(process.env["CARGO_TARGET_DIR"] ?? join(root, "target"), "debug/muster");
  if (!existsSync(path)) throw new Error(`${path} is not there: cargo build -p muster-server, or set MUSTER_BIN`);
  return resolve(path);
}

export class Muster {
  private written = "";
  private ended: string | undefined;

  private constructor(
    readonly engine: Engine,
    readonly url: string,
    private readonly folder: string,
    private readonly store: string[],
    private process: ChildProcess,
  ) {}

  /** Starts a server on a fresh database of the engine; returns when it is ready. */
  static async start(engine: Engine): Promise<Muster> {
    const folder = mkdtempSync(join(tmpdir(), "muster-e2e-"));
    const url = `http://127.0.0.1:${await freePort()}`;
    const store = ["--data", folder, "--public-url", url];
    if (engine === "postgres") store.push("--database-url", await freshDatabase());
    // The stand-ins of other identity providers listen on loopback.
    const flags = ["serve", "--dev", "--listen", new URL(url).host, "--egress-allow", "127.0.0.0/8", ...store];
    const process = spawn(binary(), flags, { stdio: ["ignore", "pipe", "pipe"], env: environment() });
    const muster = new Muster(engine, url, folder, store, process);
    const keep = (chunk: Buffer) => {
      muster.written += chunk.toString("utf8");
    };
    process.stdout?.on("data", keep);
    process.stderr?.on("data", keep);
    process.once("exit", (code, signal) => {
      muster.ended = `the server ended with ${signal ?? code}`;
    });
    await muster.ready();
    return muster;
  }

  private async ready(): Promise<void> {
    const until = Date.now() + READY_WITHIN_MS;
    while (Date.now() < until) {
      if (this.ended) throw new Error(`${this.ended}:\n${this.written}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`the server is not ready after ${READY_WITHIN_MS} ms:\n${this.written}`);
  }

  /** `muster setup --json`: an organization and its administrator; one who exists is given the organization. */
  async setup(input: { org: string; slug: string; email: string; provider?: string }): Promise<SetupAnswer> {
    const flags = ["setup", "--json", "--org", input.org, "--slug", input.slug, "--admin-email", input.email];
    if (input.provider) flags.push("--provider", input.provider);
    flags.push("--admin-password-file", "-", ...this.store);
    const child = spawn(binary(), flags, { stdio: ["pipe", "pipe", "pipe"], env: environment() });
    child.stdin.end(ADMIN_PASSWORD);
    const said = { out: "", err: "" };
    child.stdout.on("data", (chunk: Buffer) => {
      said.out += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      said.err += chunk.toString("utf8");
    });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error(`muster ${flags.join(" ")} ended with ${code}:\n${said.err}${said.out}`);
    return JSON.parse(said.out) as SetupAnswer;
  }

  /** What was mailed to an address, newest first (`--dev` catches it). */
  async mails(to: string): Promise<Mail[]> {
    const answer = await fetch(`${this.url}/_dev/mail?json=1`);
    const mails = (await answer.json()) as Mail[];
    return mails.filter((mail) => mail.to.toLowerCase() === to.toLowerCase());
  }

  /** How much the server has written; with `since`, what it wrote after that. */
  get logged(): number {
    return this.written.length;
  }

  log(since = 0): string {
    return this.written.slice(since);
  }

  async stop(): Promise<void> {
    if (!this.ended) {
      const gone = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGTERM");
      const late = setTimeout(() => this.process.kill("SIGKILL"), 5000);
      await gone;
      clearTimeout(late);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ours without MUSTER_*, which would be settings of the server. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("MUSTER_") || name === "MUSTER_LOG");
  return Object.fromEntries(kept);
}
