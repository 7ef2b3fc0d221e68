import { afterEach, describe, expect, it, vi } from "vitest";
import { Api, ApiError, describeError, mayRetry, signInUrl } from "./client.ts";

const api = new Api({ orgId: "6740a1b2c3d4e5f600000001", slug: "acme", door: "console" });

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}) {
  const mock = vi.fn((_url: string, _init: RequestInit) =>
    Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status, headers })),
  );
  vi.stubGlobal("fetch", mock);
  return mock;
}

afterEach(() => vi.unstubAllGlobals());

describe("the client", () => {
  it("names the organization on every request and sends JSON", async () => {
    const mock = answerWith(200, { _id: "1" });
    await api.post("/api/systemusers", { username: "ana" });
    const [url, init] = mock.mock.calls[0] ?? [];
    expect(url).toBe("/api/systemusers");
    expect(init?.headers).toMatchObject({ "x-org-id": api.orgId, "content-type": "application/json" });
    expect(init?.body).toBe('{"username":"ana"}');
  });

  it("leaves empty parameters out and repeats lists", async () => {
    const mock = answerWith(200, []);
    await api.get("/api/v2/usergroups", { query: { search: "", limit: 10, filter: ["a:eq:1", "b:eq:2"] } });
    expect(mock.mock.calls[0]?.[0]).toBe("/api/v2/usergroups?limit=10&filter=a%3Aeq%3A1&filter=b%3Aeq%3A2");
  });

  it("reads errors with their fields, and such as have only an error member", async () => {
    answerWith(400, { message: "Wrong", fields: [{ field: "email", message: "taken" }] });
    const error = await api.get("/x").catch((one: unknown) => one);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 400, message: "Wrong", fields: [{ field: "email", message: "taken" }] });
    answerWith(400, { status: 400, error: "The IdP URL is required" });
    await expect(api.get("/x")).rejects.toThrow("The IdP URL is required");
  });

  it("answers nothing for an empty body", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(null, { status: 204 })));
    await expect(api.delete("/x")).resolves.toBeUndefined();
  });

  it("reads the total of a bare list from its header", async () => {
    answerWith(200, [1, 2], { "x-total-count": "57" });
    await expect(api.counted("/x")).resolves.toEqual({ items: [1, 2], total: 57 });
  });

  it("reads all pages of a list", async () => {
    const pages = [Array.from({ length: 100 }, (_, n) => n), [100]];
    let call = 0;
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(pages[call++]))));
    await expect(api.all("/x")).resolves.toHaveLength(101);
  });

  it("knows the way to sign in from either door", () => {
    expect(signInUrl("console", "acme", "/console/acme/users?page=2")).toBe(
      "/login/admin?to=%2Fconsole%2Facme%2Fusers%3Fpage%3D2",
    );
    expect(signInUrl("portal", "acme", "/portal/acme")).toBe("/o/acme/login");
  });

  it("does not read forever, and waits for what it changes", async () => {
    const limits: number[] = [];
    vi.spyOn(AbortSignal, "timeout").mockImplementation((after) => {
      limits.push(after);
      return AbortSignal.abort(new DOMException("it took too long", "TimeoutError"));
    });
    vi.stubGlobal("fetch", (_url: string, init: RequestInit) =>
      init.signal?.aborted ? Promise.reject(init.signal.reason) : Promise.resolve(new Response("{}")),
    );
    const told = await api.get("/x", { signal: new AbortController().signal }).catch((one: unknown) => one);
    expect(describeError(told)).toContain("did not answer within a minute");
    expect([told, new ApiError(404, ""), new ApiError(503, ""), new TypeError("")].map(mayRetry)).toEqual([
      false,
      false,
      true,
      true,
    ]);
    await expect(api.counted("/x")).rejects.toMatchObject({ name: "TimeoutError" });
    expect(limits).toEqual([60_000, 60_000]);
    await expect(api.post("/x")).resolves.toEqual({});
    vi.restoreAllMocks();
  });

  it("says what to do when the server cannot be reached", () => {
    expect(describeError(new TypeError("Failed to fetch"))).toContain("cannot be reached");
  });
});
