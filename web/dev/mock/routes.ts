import type { Org } from "./store.ts";
import { orgs } from "./store.ts";

export interface Call {
  params: string[];
  query: URLSearchParams;
  org: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the page sends
  body: any;
}

export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  delay_ms?: number;
}

export interface Route {
  method: string;
  pattern: RegExp;
  run: (call: Call) => Answer;
}

export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;
  constructor(status: number, body: unknown) {
    super("refused");
    this.status = status;
    this.body = body;
  }
}

export const routes: Route[] = [];

/** `:x` in a path is a parameter. */
export function on(method: string, path: string, run: (call: Call) => Answer | unknown): void {
  const pattern = new RegExp(`^${path.replace(/:[a-z]+/g, "([^/]+)")}$`);
  routes.push({
    method,
    pattern,
    run: (call) => {
      const result = run(call);
      const answered = typeof result === "object" && result !== null && "status" in result && "reply" in result;
      if (answered) {
        const { status, reply, headers } = result as {
          status: number;
          reply: unknown;
          headers?: Record<string, string>;
        };
        return { status, body: reply, headers };
      }
      return { status: result === undefined ? 204 : 200, body: result };
    },
  });
}

export const reply = (status: number, body: unknown, headers?: Record<string, string>) => ({
  status,
  reply: body,
  headers,
});

export function orgOf(call: Call): Org {
  const org = orgs.find((one) => one.id === call.org);
  if (!org) throw new Refusal(404, { message: "Not Found" });
  return org;
}

export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Refusal(404, { message: "Not Found" });
  return value;
}

export function invalid(field: string, message: string): never {
  throw new Refusal(400, { message: "Some fields need attention.", status: 400, fields: [{ field, message }] });
}

export function cut<T>(call: Call, all: T[]): T[] {
  const skip = Number(call.query.get("skip") ?? 0);
  return all.slice(skip, skip + Number(call.query.get("limit") ?? 10));
}
