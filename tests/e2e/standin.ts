// Stand-ins of ours for Okta, Google and Entra ID: the shape of their documents and tokens, on loopback, with a login
// form of their own. Only for tests: they believe any password that is theirs.
import { createHash, createSign, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { freePort } from "./harness/port.ts";

export type Shape = "okta" | "google" | "entra";

/** Somebody who has an account there. */
export interface Account {
  email: string;
  password: string;
  name: string;
}

interface Code {
  account: Account;
  nonce: string;
  redirectUri: string;
  challenge: string;
  clientId: string;
}

const TENANT = "9f1c2d3e-4b5a-4c6d-8e7f-0a1b2c3d4e5f";
const titles: Record<Shape, string> = { okta: "Okta stand-in", google: "Google stand-in", entra: "Entra stand-in" };

export class StandIn {
  readonly clientId = `client-${randomBytes(6).toString("hex")}`;
  readonly clientSecret = randomBytes(24).toString("base64url");
  /** Exactly what may be redirected to; registered by the test as an administrator would. */
  readonly redirectUris: string[] = [];
  /** What came to the authorization endpoint, newest last. */
  readonly asked: URLSearchParams[] = [];
  private readonly codes = new Map<string, Code>();
  private readonly key = generateKeyPairSync("rsa", { modulusLength: 2048 });
  private readonly kid = randomBytes(8).toString("hex");

  private constructor(
    readonly shape: Shape,
    readonly origin: string,
    private readonly accounts: Account[],
    private readonly server: Server,
  ) {}

  static async start(shape: Shape, accounts: Account[]): Promise<StandIn> {
    const port = await freePort();
    const server = createServer();
    const standIn = new StandIn(shape, `http://127.0.0.1:${port}`, accounts, server);
    server.on("request", (request, response) => {
      standIn.answer(request, response).catch((error: unknown) => json(response, 500, { error: String(error) }));
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return standIn;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get title(): string {
    return titles[this.shape];
  }

  /** Okta: an authorization server's path. Google: the origin. Entra: the tenant's. */
  get issuer(): string {
    const path = { okta: "/oauth2/default", google: "", entra: `/${TENANT}/v2.0` }[this.shape];
    return this.origin + path;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.origin);
    if (url.pathname === `${new URL(this.issuer).pathname.replace(/\/$/, "")}/.well-known/openid-configuration`) {
      return json(response, 200, this.document());
    }
    switch (`${request.method} ${url.pathname}`) {
      case "GET /authorize":
        this.asked.push(url.searchParams);
        return this.form(response, url.searchParams);
      case "POST /authorize":
        return this.login(response, url.searchParams, new URLSearchParams(await bodyOf(request)));
      case "POST /token":
        return this.token(request, response, new URLSearchParams(await bodyOf(request)));
      case "GET /keys":
        return json(response, 200, { keys: [this.jwk()] });
      default:
        return json(response, 404, { error: "not_found" });
    }
  }

  private document(): object {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.origin}/authorize`,
      token_endpoint: `${this.origin}/token`,
      jwks_uri: `${this.origin}/keys`,
      response_types_supported: ["code"],
      subject_types_supported: [this.shape === "entra" ? "pairwise" : "public"],
      id_token_signing_alg_values_supported: ["RS256"],
      scopes_supported: ["openid", "email", "profile"],
      token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
      ...(this.shape === "entra" ? {} : { code_challenge_methods_supported: ["S256"] }),
    };
  }

  private form(response: ServerResponse, asked: URLSearchParams, problem = "", status = 200): void {
    const redirectUri = asked.get("redirect_uri") ?? "";
    if (asked.get("client_id") !== this.clientId || !this.redirectUris.includes(redirectUri)) {
      return html(response, 400, this.title, `<p role="alert">${escape(redirectUri)} is not registered here.</p>`);
    }
    const hint = escape(asked.get("login_hint") ?? "");
    html(
      response,
      status,
      this.title,
      `${problem && `<p role="alert">${problem}</p>`}
      <form method="post" action="/authorize?${escape(asked.toString())}">
        <p><label for="email">Account</label> <input id="email" name="email" value="${hint}"></p>
        <p><label for="password">Password</label> <input id="password" name="password" type="password"></p>
        <button>Sign in</button> <button name="refuse" value="yes">Refuse</button>
      </form>`,
    );
  }

  private login(response: ServerResponse, asked: URLSearchParams, typed: URLSearchParams): void {
    const redirectUri = asked.get("redirect_uri") ?? "";
    if (!this.redirectUris.includes(redirectUri)) return this.form(response, asked);
    const to = new URL(redirectUri);
    to.searchParams.set("state", asked.get("state") ?? "");
    if (typed.get("refuse")) {
      to.searchParams.set("error", "access_denied");
      return void response.writeHead(303, { location: to.href }).end();
    }
    const account = this.accounts.find(
      (one) => one.email === typed.get("email")?.toLowerCase() && one.password === typed.get("password"),
    );
    if (!account) return this.form(response, asked, "No such account and password.", 401);
    const code = randomBytes(16).toString("hex");
    const [nonce, challenge] = [asked.get("nonce") ?? "", asked.get("code_challenge") ?? ""];
    this.codes.set(code, { account, nonce, redirectUri, challenge, clientId: this.clientId });
    to.searchParams.set("code", code);
    response.writeHead(303, { location: to.href }).end();
  }

  private token(request: IncomingMessage, response: ServerResponse, form: URLSearchParams): void {
    const basic = Buffer.from((request.headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString("utf8");
    const [id, secret] = basic ? basic.split(":").map(decodeURIComponent) : [form.get("client_id"), form.get("client_secret")];
    if (id !== this.clientId || secret !== this.clientSecret) return json(response, 401, { error: "invalid_client" });
    const code = this.codes.get(form.get("code") ?? "");
    this.codes.delete(form.get("code") ?? "");
    const challenge = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    if (!code || code.redirectUri !== form.get("redirect_uri") || code.challenge !== challenge) {
      return json(response, 400, { error: "invalid_grant" });
    }
    const answer = { access_token: randomBytes(16).toString("hex"), token_type: "Bearer", expires_in: 3600 };
    json(response, 200, { ...answer, scope: "openid email profile", id_token: this.idToken(code) });
  }

  private idToken({ account, nonce }: Code): string {
    const now = Math.floor(Date.now() / 1000);
    const [given_name, family_name] = account.name.split(" ");
    const common = { iss: this.issuer, aud: this.clientId, iat: now, exp: now + 3600, nonce, name: account.name };
    return this.sign({ ...common, ...this.shaped(account, { given_name, family_name }) });
  }

  /** What differs: how the subject looks, and who vouches for the e-mail. */
  private shaped(account: Account, names: object): object {
    const digest = createHash("sha256").update(account.email).digest("hex");
    const domain = account.email.split("@")[1];
    switch (this.shape) {
      case "okta":
        return { sub: `00u${digest.slice(0, 17)}`, ver: 1, email: account.email, email_verified: true, ...names };
      case "google":
        return {
          sub: BigInt(`0x${digest.slice(0, 16)}`).toString(),
          azp: this.clientId,
          hd: domain,
          email: account.email,
          email_verified: true,
          ...names,
        };
      case "entra":
        return {
          sub: createHash("sha256").update(this.clientId + digest).digest("base64url"),
          oid: uuidOf(digest),
          tid: TENANT,
          ver: "2.0",
          email: account.email,
          preferred_username: account.email,
          uti: randomUUID(),
        };
    }
  }

  private sign(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const head = `${part({ alg: "RS256", typ: "JWT", kid: this.kid })}.${part(claims)}`;
    return `${head}.${createSign("sha256").update(head).sign(this.key.privateKey, "base64url")}`;
  }

  private jwk(): object {
    return { ...this.key.publicKey.export({ format: "jwk" }), kid: this.kid, use: "sig", alg: "RS256" };
  }
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

function escape(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function html(response: ServerResponse, status: number, title: string, body: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}</html>`);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
