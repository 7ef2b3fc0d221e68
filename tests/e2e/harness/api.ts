// The public API as a client with a key uses it.
import type { Muster, Organization } from "./muster.ts";

export interface Answer<Body = unknown> {
  status: number;
  body: Body;
  text: string;
}

/** A call as the administrator of an organization; `body` is sent as JSON, text as it is. */
export async function api<Body = Record<string, unknown>>(
  muster: Muster,
  org: Organization,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer<Body>> {
  const headers: Record<string, string> = { "x-api-key": org.admin.apiKey, "x-org-id": org.id, "x-query-dsl": "v2" };
  if (body !== undefined) headers["content-type"] = "application/json";
  const sent = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
  const answer = await fetch(`${muster.url}${path}`, { method, headers, body: sent });
  const text = await answer.text();
  return { status: answer.status, text, body: (text ? JSON.parse(text) : undefined) as Body };
}

/** The same, where anything but success is a mistake of the test's. */
export async function must<Body = Record<string, unknown>>(
  muster: Muster,
  org: Organization,
  method: string,
  path: string,
  body?: unknown,
): Promise<Body> {
  const answer = await api<Body>(muster, org, method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}
