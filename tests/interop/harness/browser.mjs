// A person at a browser, without script: opens addresses, follows redirects, submits forms. It says of each request what
// a browser says (Origin, Sec-Fetch-*) and keeps cookies as one does.
import http from 'node:http';
import { Cookies } from './cookies.mjs';
import { forms, heading, links, text } from './html.mjs';

/** Chromium's and Firefox's limit: a chain of ours that is longer is an error page of the browser. */
const REDIRECTS_MAX = 20;
const agent = new http.Agent({ keepAlive: true });

/** A page that was reached, or a redirect to an address where the browser was told to stop. */
export class Page {
  constructor({ url, status, headers, html, trail, stopped = false }) {
    Object.assign(this, { url, status, headers, html, trail, stopped });
  }

  get heading() {
    return heading(this.html);
  }

  get text() {
    return text(this.html);
  }

  get forms() {
    return forms(this.html);
  }

  get links() {
    return links(this.html);
  }

  /** The value of a field of any form, as a person sees it. */
  field(name) {
    return this.forms.map((form) => form.fields[name]).find((value) => value !== undefined);
  }
}

export class Browser {
  /** `stopAt`: addresses that begin so are not opened (an application that is not there). */
  constructor({ stopAt = [], userAgent = 'Mozilla/5.0 (interop tests)' } = {}) {
    Object.assign(this, { stopAt: [stopAt].flat(), userAgent, cookies: new Cookies(), page: null });
  }

  /** An address that is typed. */
  open(address) {
    return this.#go({ method: 'GET', url: new URL(address), initiator: null });
  }

  /** A link on the present page, by its label or address. */
  follow(label) {
    const link = this.page.links.find((l) => l.label === label || l.href === label);
    if (!link) throw new Error(`no link "${label}" on ${this.page.url}: ${this.page.text}`);
    return this.#go({ method: 'GET', url: new URL(link.href, this.page.url), initiator: this.page.url });
  }

  /** Fills in the form that has the button (or the first one) and presses it. */
  submit(values = {}, { button } = {}) {
    const page = this.page;
    const form = page.forms.find((f) => !button || f.buttons.some((b) => b.label === button));
    if (!form) throw new Error(`no form${button ? ` with the button "${button}"` : ''} on ${page.url}: ${page.text}`);
    for (const name of Object.keys(values)) {
      const input = form.inputs.find((i) => i.name === name);
      if (!input) throw new Error(`the form on ${page.url} has no field "${name}"`);
      if ('readonly' in input && input.value !== values[name]) throw new Error(`"${name}" on ${page.url} is read-only`);
    }
    const pressed = form.buttons.find((b) => b.label === button) ?? form.buttons[0];
    const target = new URL(pressed?.formaction ?? form.action, page.url);
    const fields = { ...form.fields, ...values, ...(pressed?.name ? { [pressed.name]: pressed.value ?? '' } : {}) };
    return this.#send(form.method.toUpperCase(), target, fields, page.url);
  }

  /** A form that a page of `from` (another site) posts by itself. */
  post(address, fields, from) {
    return this.#send('POST', new URL(address), fields, new URL(from));
  }

  #send(method, url, fields, initiator) {
    const body = new URLSearchParams(fields).toString();
    if (method === 'GET') {
      url.search = body;
      return this.#go({ method, url, initiator });
    }
    return this.#go({ method, url, body, initiator });
  }

  async #go({ method, url, body, initiator }) {
    const trail = [];
    let site = relation(initiator, url);
    for (let hop = 0; hop <= REDIRECTS_MAX; hop += 1) {
      trail.push(url.href);
      const answer = await request(url, { method, body, headers: this.#headers(method, url, initiator, site) });
      this.cookies.take(url, [answer.headers['set-cookie'] ?? []].flat());
      const location = answer.status >= 300 && answer.status < 400 ? answer.headers.location : undefined;
      if (location === undefined) return this.#arrived(answer, url, trail);
      const next = new URL(location, url);
      if (this.stopAt.some((address) => next.href.startsWith(address))) {
        this.page = new Page({ url: next, status: answer.status, headers: answer.headers, html: '', trail, stopped: true });
        return this.page;
      }
      if (answer.status !== 307 && answer.status !== 308) [method, body] = ['GET', undefined];
      if (site !== 'none') site = farther(site, relation(url, next));
      url = next;
    }
    throw new Error(`more than ${REDIRECTS_MAX} redirects: ${trail.join(' -> ')}`);
  }

  #arrived({ status, headers, html }, url, trail) {
    this.page = new Page({ url, status, headers, html, trail });
    return this.page;
  }

  #headers(method, url, initiator, site) {
    const headers = {
      'user-agent': this.userAgent,
      accept: 'text/html,application/xhtml+xml',
      'sec-fetch-site': site,
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      'sec-fetch-user': '?1',
    };
    const cookie = this.cookies.line(url, { method, crossSite: site === 'cross-site' });
    if (cookie) headers.cookie = cookie;
    if (method !== 'GET') {
      headers['content-type'] = 'application/x-www-form-urlencoded';
      headers.origin = initiator?.origin ?? 'null';
    }
    return headers;
  }
}

/** Sec-Fetch-Site of a request from a page of `from`; a site is scheme and host here, without the port. */
function relation(from, to) {
  if (!from) return 'none';
  if (from.origin === to.origin) return 'same-origin';
  return from.protocol === to.protocol && from.hostname === to.hostname ? 'same-site' : 'cross-site';
}

function farther(a, b) {
  const order = ['same-origin', 'same-site', 'cross-site'];
  return order[Math.max(order.indexOf(a), order.indexOf(b))];
}

function request(url, { method, body, headers }) {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, { method, headers, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, html: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.on('error', reject);
    sent.setTimeout(60_000, () => sent.destroy(new Error(`${url} did not answer within a minute`)));
    if (body !== undefined) sent.setHeader('content-length', Buffer.byteLength(body));
    sent.end(body);
  });
}
