// An application that signs people up and in with an OpenID provider, written with npm openid-client as its users write
// one: a setup page where client ID and secret are pasted, a callback, a dashboard, refresh, sign-out by itself and by the
// provider (front channel), and a sign-in that the provider's portal begins.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import * as oidc from "openid-client";
import { freePort } from "./port.ts";

/** What the application sent to the token endpoint, to see how it proved itself. */
export interface TokenRequest {
  authorization: string | null;
  parameters: URLSearchParams;
}

interface Waiting {
  state: string;
  nonce: string;
  verifier: string;
}

interface Visit {
  waiting?: Waiting;
  claims?: Record<string, unknown>;
  idToken?: string;
  refreshToken?: string | undefined;
  refreshed: number;
  /** Where the one who began the sign-in wants the person to land. */
  target?: string | undefined;
}

export class RelyingParty {
  readonly tokenRequests: TokenRequest[] = [];
  private provider: oidc.Configuration | undefined;
  private readonly visits = new Map<string, Visit>();

  private constructor(
    readonly name: string,
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(name: string): Promise<RelyingParty> {
    const port = await freePort();
    const server = createServer();
    const app = new RelyingParty(name, `http://127.0.0.1:${port}`, server);
    server.on("request", (request, response) => {
      app.answer(request, response).catch((error: unknown) => {
        send(response, 502, page("Sign-in failed", `<p role="alert">${escape(describe(error))}</p>`));
      });
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return app;
  }

  get redirectUri(): string {
    return `${this.url}/callback`;
  }

  get loginUrl(): string {
    return `${this.url}/login`;
  }

  get signedOutUri(): string {
    return `${this.url}/signed-out`;
  }

  /** OpenID Connect Core section 4. */
  get initiateLoginUri(): string {
    return `${this.url}/initiate`;
  }

  /** OpenID Connect Front-Channel Logout section 2. */
  get frontChannelLogoutUri(): string {
    return `${this.url}/front-channel-logout`;
  }

  /** What its setup page does: reads the provider's discovery document and keeps the credentials. */
  async connect(issuer: string, clientId: string, clientSecret: string): Promise<void> {
    const recording: oidc.CustomFetch = (url, options) => {
      if (options.method === "POST" && options.body instanceof URLSearchParams) {
        const authorization = new Headers(options.headers).get("authorization");
        this.tokenRequests.push({ authorization, parameters: options.body });
      }
      return fetch(url, options as RequestInit);
    };
    this.provider = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.ClientSecretPost(clientSecret), {
      execute: [oidc.allowInsecureRequests],
      [oidc.customFetch]: recording,
    });
    this.provider[oidc.customFetch] = recording;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const visit = this.visitOf(request, response);
    switch (`${request.method} ${url.pathname}`) {
      case "GET /":
        return send(response, 200, this.setupPage());
      case "POST /setup": {
        const form = new URLSearchParams(await bodyOf(request));
        const field = (name: string) => (form.get(name) ?? "").trim();
        await this.connect(field("issuer"), field("client_id"), field("client_secret"));
        return redirect(response, "/login");
      }
      case "GET /login":
        return redirect(response, await this.authorization(visit));
      case "GET /initiate": {
        const [issuer, hint, target] = ["iss", "login_hint", "target_link_uri"].map((name) => url.searchParams.get(name));
        if (issuer !== this.configured().serverMetadata().issuer) throw new Error(`${issuer} is not our provider`);
        visit.target = target && new URL(target).origin === this.url ? target : undefined;
        return redirect(response, await this.authorization(visit, hint ? { login_hint: hint } : {}));
      }
      case "GET /front-channel-logout":
        this.frontChannelLogout(url.searchParams);
        return send(response, 200, page("Signed out", ""));
      case "GET /callback":
        await this.callback(visit, url);
        return redirect(response, visit.target ?? "/dashboard");
      case "GET /dashboard":
        return visit.claims ? send(response, 200, this.dashboard(visit)) : redirect(response, "/login");
      case "POST /refresh":
        await this.refresh(visit);
        return redirect(response, "/dashboard");
      case "POST /logout":
        return redirect(response, this.endSession(visit));
      case "GET /signed-out":
        return send(response, 200, page("Signed out", `<p>You are signed out of ${this.name}.</p>`));
      default:
        return send(response, 404, page("Not found", ""));
    }
  }

  private async authorization(visit: Visit, more: Record<string, string> = {}): Promise<string> {
    const waiting = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
    visit.waiting = waiting;
    return oidc.buildAuthorizationUrl(this.configured(), {
      redirect_uri: this.redirectUri,
      scope: "openid email profile offline_access",
      state: waiting.state,
      nonce: waiting.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(waiting.verifier),
      code_challenge_method: "S256",
      ...more,
    }).href;
  }

  private async callback(visit: Visit, url: URL): Promise<void> {
    const { waiting } = visit;
    if (!waiting) throw new Error("nobody asked for this sign-in");
    delete visit.waiting;
    const tokens = await oidc.authorizationCodeGrant(this.configured(), url, {
      pkceCodeVerifier: waiting.verifier,
      expectedState: waiting.state,
      expectedNonce: waiting.nonce,
      idTokenExpected: true,
    });
    this.keep(visit, tokens);
  }

  private async refresh(visit: Visit): Promise<void> {
    if (!visit.refreshToken) throw new Error("the provider gave no refresh token");
    this.keep(visit, await oidc.refreshTokenGrant(this.configured(), visit.refreshToken));
    visit.refreshed += 1;
  }

  private keep(visit: Visit, tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers): void {
    const claims = tokens.claims();
    if (claims) visit.claims = { ...claims };
    if (tokens.id_token) visit.idToken = tokens.id_token;
    if (tokens.refresh_token) visit.refreshToken = tokens.refresh_token;
  }

  private endSession(visit: Visit): string {
    const parameters: Record<string, string> = { post_logout_redirect_uri: this.signedOutUri };
    if (visit.idToken) parameters["id_token_hint"] = visit.idToken;
    forget(visit);
    return oidc.buildEndSessionUrl(this.configured(), parameters).href;
  }

  /** Whoever signed in in this session of the provider's is a stranger again, in whatever browser. */
  private frontChannelLogout(parameters: URLSearchParams): void {
    for (const visit of this.visits.values()) {
      const { claims } = visit;
      if (claims?.["iss"] === parameters.get("iss") && claims["sid"] === parameters.get("sid")) forget(visit);
    }
  }

  private configured(): oidc.Configuration {
    if (!this.provider) throw new Error(`${this.name} is not set up yet`);
    return this.provider;
  }

  private visitOf(request: IncomingMessage, response: ServerResponse): Visit {
    // Cookies of one host are shared by all its ports: the name is the port's.
    const name = `app${new URL(this.url).port}`;
    const id = new RegExp(`${name}=([0-9a-f]+)`).exec(request.headers.cookie ?? "")?.[1];
    const known = id ? this.visits.get(id) : undefined;
    if (known) return known;
    const fresh = randomBytes(16).toString("hex");
    const visit: Visit = { refreshed: 0 };
    this.visits.set(fresh, visit);
    response.setHeader("set-cookie", `${name}=${fresh}; HttpOnly; SameSite=Lax; Path=/`);
    return visit;
  }

  private setupPage(): string {
    const field = (name: string, label: string) =>
      `<p><label for="${name}">${label}</label> <input id="${name}" name="${name}" autocomplete="off" required></p>`;
    return page(
      `Setting up Muster to work with ${this.name}`,
      `<form method="post" action="/setup">${field("issuer", "Issuer")}${field("client_id", "Client ID")}
       ${field("client_secret", "Client secret")}<button>Sign up with Muster</button></form>`,
    );
  }

  private dashboard(visit: Visit): string {
    const rows = Object.entries(visit.claims ?? {}).map(
      ([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(text(value))}</td></tr>`,
    );
    return page(
      `${this.name} dashboard`,
      `<table aria-label="Claims">${rows.join("")}</table><p>Refreshed ${visit.refreshed} times</p>
       <form method="post" action="/refresh"><button>Refresh</button></form>
       <form method="post" action="/logout"><button>Sign out</button></form>`,
    );
  }
}

function forget(visit: Visit): void {
  for (const name of ["claims", "idToken", "refreshToken"] as const) delete visit[name];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function describe(error: unknown): string {
  if (error instanceof oidc.AuthorizationResponseError) return `The provider answers ${error.error}: ${error.error_description}`;
  if (error instanceof oidc.ResponseBodyError) return `The provider answers ${error.error}: ${error.error_description}`;
  const cause = error instanceof Error && error.cause ? ` (${JSON.stringify(error.cause)})` : "";
  return `${error instanceof Error ? error.message : String(error)}${cause}`;
}

function escape(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><title>${escape(title)}</title><h1>${escape(title)}</h1>${body}</html>`;
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(html);
}

function redirect(response: ServerResponse, to: string): void {
  response.writeHead(303, { location: to }).end();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
