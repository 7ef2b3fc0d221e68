// A browser's cookies, with the parts of RFC 6265bis that sign-in depends on: path, life, SameSite.

/**
 * Kept by host and port: the counterparts of one test share this machine, but stand for different hosts, and each has a
 * cookie called "_session".
 */
export class Cookies {
  #jar = new Map();

  /** Takes the `Set-Cookie` lines of an answer. */
  take(url, lines) {
    for (const line of lines) {
      const [pair, ...rest] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const attributes = Object.fromEntries(rest.map((part) => {
        const [key, ...tail] = part.split('=');
        return [key.toLowerCase(), tail.join('=')];
      }));
      const path = attributes.path?.startsWith('/') ? attributes.path : '/';
      const key = `${url.host} ${path} ${name}`;
      const gone = attributes['max-age'] !== undefined ? Number(attributes['max-age']) <= 0 : new Date(attributes.expires ?? Date.now() + 1e6) <= new Date();
      if (gone) this.#jar.delete(key);
      else this.#jar.set(key, { host: url.host, path, name, value, sameSite: (attributes.samesite ?? 'lax').toLowerCase(), attributes });
    }
  }

  /** The `Cookie` line of a request; `crossSite` and the method decide about SameSite. */
  line(url, { method, crossSite }) {
    const fits = ({ host, path, sameSite }) => {
      if (host !== url.host || !(url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`))) return false;
      if (!crossSite || sameSite === 'none') return true;
      return sameSite === 'lax' && method === 'GET';
    };
    return [...this.#jar.values()].filter(fits).map(({ name, value }) => `${name}=${value}`).join('; ');
  }

  /** The cookies of a host, for looking at them. */
  of(host) {
    return [...this.#jar.values()].filter((cookie) => cookie.host === host);
  }
}
