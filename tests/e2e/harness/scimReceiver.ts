// A small application of ours that takes accounts by SCIM 2.0: a fake, for tests alone. It keeps what it is sent in memory,
// remembers every call, changes by PUT only, and has users that nobody sent it.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { freePort } from "./port.ts";

export interface Received {
  method: string;
  path: string;
  status: number;
}

export type Resource = Record<string, unknown> & { id: string };

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const ERROR = "urn:ietf:params:scim:api:messages:2.0:Error";
const CONFIG = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";

export class ScimReceiver {
  readonly calls: Received[] = [];
  readonly users = new Map<string, Resource>();
  /** Answers 503 while set. */
  down = false;
  /** How long a page of a list takes. */
  page_ms = 0;

  private constructor(
    readonly baseUrl: string,
    readonly token: string,
    private readonly server: Server,
  ) {}

  static async start(token: string): Promise<ScimReceiver> {
    const port = await freePort();
    const server = createServer();
    const receiver = new ScimReceiver(`http://127.0.0.1:${port}/scim/v2`, token, server);
    server.on("request", (request, response) => {
      receiver.answer(request, response).catch((error: unknown) => send(response, 500, problem(500, String(error))));
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return receiver;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Somebody who signed up there by themselves. */
  has(user: { userName: string; email: string; givenName: string; familyName: string; title?: string }): string {
    const id = randomUUID();
    const { userName, email, givenName, familyName, title } = user;
    const emails = [{ value: email, type: "work", primary: true }];
    this.users.set(id, { schemas: [USER], id, userName, emails, name: { givenName, familyName }, active: true, ...(title && { title }) });
    return id;
  }

  named(userName: string): Resource | undefined {
    return [...this.users.values()].find((one) => String(one["userName"]).toLowerCase() === userName.toLowerCase());
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.baseUrl);
    const path = url.pathname.replace("/scim/v2", "");
    const body = await read(request);
    if (url.searchParams.has("startIndex") && this.page_ms > 0) await new Promise((on) => setTimeout(on, this.page_ms));
    const [status, said] = this.decide(request, path, url.searchParams, body);
    this.calls.push({ method: request.method ?? "", path, status });
    send(response, status, said);
  }

  private decide(request: IncomingMessage, path: string, query: URLSearchParams, body: Record<string, unknown>): [number, unknown] {
    if (this.down) return [503, problem(503, "down for maintenance")];
    if (request.headers.authorization !== `Bearer ${this.token}`) return [401, problem(401, "The token is not valid")];
    const [, kind, id] = path.split("/");
    if (kind === "ServiceProviderConfig") return [200, config()];
    if (kind === "Groups" && !id && request.method === "GET") return [200, list([], query)];
    if (kind !== "Users") return [404, problem(404, "There is nothing here")];
    if (!id) return request.method === "POST" ? this.create(body) : [200, list(this.found(query.get("filter")), query)];
    const before = this.users.get(id);
    if (!before) return [404, problem(404, "There is no such user")];
    switch (request.method) {
      case "GET":
        return [200, before];
      case "PUT":
        this.users.set(id, { ...body, id });
        return [200, this.users.get(id)];
      case "DELETE":
        this.users.delete(id);
        return [204, undefined];
      default:
        return [501, problem(501, "Use PUT")];
    }
  }

  private create(body: Record<string, unknown>): [number, unknown] {
    if (this.named(String(body["userName"]))) return [409, { ...problem(409, "The user name is taken"), scimType: "uniqueness" }];
    const id = randomUUID();
    const made = { ...body, id };
    this.users.set(id, made);
    return [201, made];
  }

  /** `attribute eq "value"` of a few attributes; anything else finds nobody. */
  private found(filter: string | null): Resource[] {
    const all = [...this.users.values()];
    if (!filter) return all;
    const [, name = "", value = ""] = /^(\S+) eq "(.*)"$/.exec(filter) ?? [];
    const emails = (one: Resource) => ((one["emails"] ?? []) as { value?: string }[]).map((email) => email.value ?? "");
    return all.filter((one) => {
      const values = name.startsWith("emails") ? emails(one) : [String(one[name] ?? "")];
      return values.some((text) => text.toLowerCase() === value.toLowerCase());
    });
  }
}

function list(found: Resource[], query: URLSearchParams) {
  const start = Math.max(1, Number(query.get("startIndex") ?? 1));
  const page = found.slice(start - 1, start - 1 + Number(query.get("count") ?? 100));
  return { schemas: [LIST], totalResults: found.length, startIndex: start, itemsPerPage: page.length, Resources: page };
}

function config() {
  const off = { supported: false };
  const authenticationSchemes = [{ type: "oauthbearertoken", name: "Token", description: "A token" }];
  const filter = { supported: true, maxResults: 200 };
  const bulk = { supported: false, maxOperations: 0, maxPayloadSize: 0 };
  return { schemas: [CONFIG], patch: off, bulk, filter, changePassword: off, sort: off, etag: off, authenticationSchemes };
}

const problem = (status: number, detail: string) => ({ schemas: [ERROR], status: String(status), detail });

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/scim+json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
