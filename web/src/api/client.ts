// The one way to the server: adds the organization, reads errors, and sends people whose session ended to sign in.

export interface FieldError {
  field: string;
  message: string;
}

export class ApiError extends Error {
  readonly status: number;
  readonly fields: FieldError[];

  constructor(status: number, message: string, fields: FieldError[] = []) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.fields = fields;
  }
}

export type Door = "console" | "portal";

export interface ApiOptions {
  orgId: string;
  slug: string;
  door: Door;
}

export interface RequestOptions {
  query?: Record<string, string | number | string[] | undefined>;
  body?: unknown;
  form?: FormData;
  /** A body that is text of another type than JSON objects: a file. */
  text?: { type: string; text: string };
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface Counted<T> {
  items: T[];
  total: number;
}

/** Where a browser without a session goes, with the way back. */
export function signInUrl(door: Door, slug: string, from: string): string {
  if (door === "portal") return `/o/${encodeURIComponent(slug)}/login`;
  return `/login/admin?to=${encodeURIComponent(from)}`;
}

/** The server answers within 40 seconds, or says that it does not; after this long the connection is lost. */
const READ_LIMIT_MS = 60_000;

/** A page that only reads gives up in the end, and may be asked to try again; what changes something is waited for. */
function limited(options: RequestOptions = {}): RequestOptions {
  const limit = AbortSignal.timeout(READ_LIMIT_MS);
  return { ...options, signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit };
}

/** Whether asking once more may help: not where the server said what is wrong, nor after a minute of waiting. */
export const mayRetry = (error: unknown): boolean =>
  error instanceof ApiError ? error.status >= 500 : !(error instanceof Error && error.name === "TimeoutError");

export function describeError(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  if (error instanceof Error && error.name === "TimeoutError") {
    return "The server did not answer within a minute. Check the connection and try again; nothing was lost on this page.";
  }
  if (error instanceof Error && error.name === "TypeError") {
    return "The server cannot be reached. Check the connection and try again; nothing was lost on this page.";
  }
  return error instanceof Error ? error.message : "Something unexpected went wrong.";
}

async function readError(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { message?: string; error?: string; fields?: FieldError[] };
    const fields = Array.isArray(body.fields) ? body.fields : [];
    return new ApiError(response.status, body.message || body.error || response.statusText, fields);
  } catch {
    const fallback = response.status >= 500 ? "The server failed to answer. Try again." : response.statusText;
    return new ApiError(response.status, fallback || `HTTP ${response.status}`);
  }
}

function address(path: string, query: RequestOptions["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === "") continue;
    if (Array.isArray(value)) for (const one of value) search.append(name, one);
    else search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export class Api {
  readonly orgId: string;
  readonly slug: string;
  readonly door: Door;

  constructor(options: ApiOptions) {
    this.orgId = options.orgId;
    this.slug = options.slug;
    this.door = options.door;
  }

  async send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const headers: Record<string, string> = { accept: "application/json", ...options.headers };
    if (this.orgId) headers["x-org-id"] = this.orgId;
    if (options.body !== undefined) headers["content-type"] = "application/json";
    if (options.text) headers["content-type"] = options.text.type;
    const response = await fetch(address(path, options.query), {
      method,
      headers,
      credentials: "same-origin",
      signal: options.signal,
      body:
        options.form ?? options.text?.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    });
    if (response.status === 401) {
      window.location.assign(signInUrl(this.door, this.slug, window.location.pathname + window.location.search));
    }
    if (!response.ok) throw await readError(response);
    return response;
  }

  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.send(method, path, options);
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }

  get<T>(path: string, options?: RequestOptions): Promise<T> {
    return this.json<T>("GET", path, limited(options));
  }

  post<T>(path: string, body?: unknown, options?: RequestOptions): Promise<T> {
    return this.json<T>("POST", path, { ...options, body });
  }

  put<T>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
    return this.json<T>("PUT", path, { ...options, body });
  }

  delete<T = unknown>(path: string): Promise<T> {
    return this.json("DELETE", path);
  }

  /** A v2 list (a bare array) with its total from the `x-total-count` header. */
  async counted<T>(path: string, options?: RequestOptions): Promise<Counted<T>> {
    const response = await this.send("GET", path, limited(options));
    const items = (await response.json()) as T[];
    const header = response.headers.get("x-total-count");
    return { items, total: header === null ? items.length : Number(header) };
  }

  /** Every page of a v2 list, up to `most` objects. For pickers; long tables page on the server. */
  async all<T>(path: string, options: RequestOptions = {}, most = 2000): Promise<T[]> {
    const size = 100;
    const found: T[] = [];
    for (let skip = 0; skip < most; skip += size) {
      const page = await this.get<T[]>(path, { ...options, query: { ...options.query, limit: size, skip } });
      found.push(...page);
      if (page.length < size) break;
    }
    return found;
  }
}
