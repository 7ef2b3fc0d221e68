// The administrators' API, asked as a script would: by key, about one organization.

/** An answer that was not a success. */
export class ApiFailure extends Error {
  constructor(method, path, answer) {
    super(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    Object.assign(this, answer);
  }
}

export class Api {
  constructor(base, apiKey, org) {
    Object.assign(this, { base, apiKey, org });
  }

  /** Any request; never throws for a status. */
  async send(method, path, body, headers = {}) {
    const sent = { 'x-api-key': this.apiKey, 'x-org-id': this.org, ...headers };
    if (body !== undefined) sent['content-type'] = 'application/json';
    const answer = await fetch(`${this.base}${path}`, {
      method,
      headers: sent,
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: parsed(text) };
  }

  async #successful(method, path, body, headers) {
    const answer = await this.send(method, path, body, headers);
    if (answer.status < 200 || answer.status > 299) throw new ApiFailure(method, path, answer);
    return answer.body;
  }

  get(path) {
    return this.#successful('GET', path);
  }

  post(path, body = {}, headers = undefined) {
    return this.#successful('POST', path, body, headers);
  }

  put(path, body, headers = undefined) {
    return this.#successful('PUT', path, body, headers);
  }

  delete(path) {
    return this.#successful('DELETE', path);
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
