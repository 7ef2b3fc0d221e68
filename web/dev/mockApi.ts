import type { IncomingMessage, ServerResponse } from "node:http";
import type { Connect, Plugin } from "vite";
import "./mock/applications.ts";
import "./mock/groups.ts";
import "./mock/identityProviders.ts";
import { type Call, Refusal, routes } from "./mock/routes.ts";
import "./mock/settings.ts";
import "./mock/users.ts";

// A stand-in for the server, for looking at pages without one. In memory, in this process, never in the build.

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  if (!text.startsWith("{") && !text.startsWith("[")) return text;
  return JSON.parse(text);
}

function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://mock");
  for (const route of routes) {
    const match = route.method === request.method ? route.pattern.exec(url.pathname) : null;
    if (!match) continue;
    const call: Call = {
      params: match.slice(1).map(decodeURIComponent),
      query: url.searchParams,
      org: String(request.headers["x-org-id"] ?? ""),
      body: (await bodyOf(request)) as Call["body"],
    };
    const result = route.run(call);
    if (result.delay_ms) await new Promise((resolve) => setTimeout(resolve, result.delay_ms));
    return answer(response, result.status, result.body, result.headers);
  }
  answer(response, 404, { message: `The mock has no ${request.method} ${url.pathname}` });
}

const middleware: Connect.NextHandleFunction = (request, response, next) => {
  if (!request.url?.startsWith("/api/")) return next();
  serve(request, response).catch((error: unknown) => {
    if (error instanceof Refusal) return answer(response, error.status, error.body);
    answer(response, 500, { message: String(error) });
  });
};

export function mockApi(): Plugin {
  return {
    name: "muster-mock-api",
    apply: "serve",
    configureServer: (server) => void server.middlewares.use(middleware),
    configurePreviewServer: (server) => void server.middlewares.use(middleware),
  };
}
