// A server that answers in the shapes that Google documents for tokens and the Directory API: a fake of ours, no Google.
import { generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { freePort } from "./port.ts";

/** Rows of a page, whatever is asked for. */
const PAGE = 2;

export class GoogleServer {
  readonly users: Record<string, unknown>[] = [];
  readonly groups: { group: Record<string, unknown>; members: Record<string, unknown>[] }[] = [];
  /** The delegation was taken away. */
  refuses = false;
  /** The file that Google gives out. */
  readonly keyFile: string;

  private constructor(
    readonly address: string,
    readonly stop: () => Promise<void>,
  ) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.keyFile = JSON.stringify({
      type: "service_account",
      project_id: "p",
      private_key_id: "k1",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
      client_email: "reader@p.iam.gserviceaccount.com",
      token_uri: "https://elsewhere.example/token",
    });
  }

  static async start(): Promise<GoogleServer> {
    const port = await freePort();
    const http = createServer((request, response) => server.answer(request, response));
    const stop = async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    };
    const server = new GoogleServer(`http://127.0.0.1:${port}`, stop);
    await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
    return server;
  }

  user(name: string, primaryEmail: string, more: object = {}): void {
    this.users.push({
      kind: "admin#directory#user",
      id: `10000000000000000000${this.users.length}`,
      primaryEmail,
      name: { givenName: name, familyName: "Of-Google", fullName: `${name} Of-Google` },
      suspended: false,
      archived: false,
      isAdmin: false,
      ...more,
    });
  }

  group(name: string): void {
    const members = this.users.map((user) => ({ kind: "admin#directory#member", id: user["id"], type: "USER", status: "ACTIVE" }));
    this.groups.push({ group: { kind: "admin#directory#group", id: `g${this.groups.length}`, name, email: `${name}@google.example` }, members });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const say = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json", connection: "close" }).end(JSON.stringify(body));
    const { pathname, searchParams } = new URL(request.url ?? "/", this.address);
    request.resume();
    if (pathname === "/token") {
      if (this.refuses) return void say(401, { error: "unauthorized_client", error_description: "Client is unauthorized" });
      return void say(200, { access_token: "ya29.x", expires_in: 3599, token_type: "Bearer" });
    }
    if (request.headers.authorization !== "Bearer ya29.x") return void say(401, { error: { code: 401, message: "Invalid" } });
    const at = Number(searchParams.get("pageToken") ?? 0);
    const page = (name: string, all: object[]) => {
      const rows = all.slice(at, at + PAGE);
      const more = at + PAGE < all.length ? { nextPageToken: String(at + PAGE) } : {};
      // An empty list is left out.
      return say(200, { kind: `admin#directory#${name}`, ...(rows.length > 0 ? { [name]: rows } : {}), ...more });
    };
    const base = "/admin/directory/v1";
    if (pathname === `${base}/users`) return void page("users", this.users);
    if (pathname === `${base}/groups`) return void page("groups", this.groups.map((one) => one.group));
    const group = this.groups.find((one) => pathname === `${base}/groups/${String(one.group["id"])}/members`);
    if (group) return void page("members", group.members);
    say(404, { error: { code: 404, message: "Resource Not Found" } });
  }
}
