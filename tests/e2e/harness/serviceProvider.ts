// An application that people sign in to with SAML, written with npm node-saml as its users write one: a setup page where
// the entity ID and the certificate are pasted, an assertion consumer service, a dashboard, sign-out.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { randomBytes } from "node:crypto";
import { type Profile, SAML, ValidateInResponseTo } from "@node-saml/node-saml";
import { freePort } from "./port.ts";

/** What the identity provider is known by. */
export interface IdentityProvider {
  entityId: string;
  ssoUrl: string;
  logoutUrl?: string;
  certificate: string;
}

/** An answer that was accepted. */
export interface Accepted {
  profile: Profile;
  relayState: string;
  /** The response as it came. */
  xml: string;
}

export class ServiceProvider {
  readonly accepted: Accepted[] = [];
  private saml: SAML | undefined;
  private readonly people = new Map<string, Profile>();

  private constructor(
    readonly name: string,
    readonly entityId: string,
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(name: string, entityId: string): Promise<ServiceProvider> {
    const port = await freePort();
    const server = createServer();
    const sp = new ServiceProvider(name, entityId, `http://127.0.0.1:${port}`, server);
    server.on("request", (request, response) => {
      sp.answer(request, response).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        send(response, 403, page("Sign-in failed", `<p role="alert">${escape(why)}</p>`));
      });
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return sp;
  }

  get acsUrl(): string {
    return `${this.url}/acs`;
  }

  get loginUrl(): string {
    return `${this.url}/login`;
  }

  /** What its settings page does. */
  connect(idp: IdentityProvider): void {
    this.saml = new SAML({
      issuer: this.entityId,
      audience: this.entityId,
      callbackUrl: this.acsUrl,
      entryPoint: idp.ssoUrl,
      logoutUrl: idp.logoutUrl ?? idp.ssoUrl,
      idpIssuer: idp.entityId,
      idpCert: idp.certificate,
      identifierFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
      wantAssertionsSigned: true,
      wantAuthnResponseSigned: false,
      // Answers to nothing are taken as well: the tile in the portal begins without a request.
      validateInResponseTo: ValidateInResponseTo.ifPresent,
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const name = `sp${new URL(this.url).port}`;
    const cookie = new RegExp(`${name}=([0-9a-f]+)`).exec(request.headers.cookie ?? "")?.[1];
    const person = cookie ? this.people.get(cookie) : undefined;
    switch (`${request.method} ${url.pathname}`) {
      case "GET /":
        return send(response, 200, this.setupPage());
      case "POST /setup": {
        const form = new URLSearchParams(await bodyOf(request));
        const field = (of: string) => (form.get(of) ?? "").trim();
        this.connect({ entityId: field("entity_id"), ssoUrl: field("sso_url"), certificate: field("certificate") });
        return send(response, 200, page(`${this.name} is registered`, ""));
      }
      case "GET /login":
        return redirect(response, await this.configured().getAuthorizeUrlAsync("/dashboard", undefined, {}));
      case "POST /acs": {
        const form = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
        const { profile } = await this.configured().validatePostResponseAsync(form);
        if (!profile) throw new Error("the answer names nobody");
        const xml = Buffer.from(form["SAMLResponse"] ?? "", "base64").toString("utf8");
        this.accepted.push({ profile, relayState: form["RelayState"] ?? "", xml });
        const fresh = randomBytes(16).toString("hex");
        this.people.set(fresh, profile);
        response.setHeader("set-cookie", `${name}=${fresh}; HttpOnly; Path=/`);
        return redirect(response, "/dashboard");
      }
      case "GET /dashboard":
        return person ? send(response, 200, this.dashboard(person)) : redirect(response, "/login");
      default:
        return send(response, 404, page("Not found", ""));
    }
  }

  private configured(): SAML {
    if (!this.saml) throw new Error(`${this.name} is not set up yet`);
    return this.saml;
  }

  private setupPage(): string {
    return page(
      `Settings of ${this.name}`,
      `<form method="post" action="/setup">
       <p><label for="e">Entity Id</label> <input id="e" name="entity_id" required></p>
       <p><label for="s">Sign-in URL</label> <input id="s" name="sso_url" required></p>
       <p><label for="c">X509 Certificate</label> <textarea id="c" name="certificate" required></textarea></p>
       <button>Register</button></form>`,
    );
  }

  private dashboard(person: Profile): string {
    const facts = { nameID: person.nameID, nameIDFormat: person.nameIDFormat, username: person["username"] };
    const rows = Object.entries(facts).map(
      ([name, value]) => `<tr><th scope="row">${name}</th><td>${escape(String(value))}</td></tr>`,
    );
    return page(`${this.name} dashboard`, `<table aria-label="Person">${rows.join("")}</table>`);
  }
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
