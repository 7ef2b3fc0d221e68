// Stands before a receiver and is ill in its place: answers 500 after the work was done, is slow, is away for a while.
import http from 'node:http';
import { freePort } from '../harness.mjs';

export class IllProxy {
  /** Every so many requests are answered 500 though they were carried out; 0: none. */
  failEvery = 0;
  away = false;
  requests = [];
  #server;

  static async start(target) {
    const proxy = new IllProxy();
    const port = await freePort();
    proxy.#server = http.createServer((request, response) => proxy.#serve(target, request, response));
    await new Promise((resolve) => proxy.#server.listen(port, '127.0.0.1', resolve));
    proxy.baseUrl = `http://127.0.0.1:${port}${new URL(target).pathname}`;
    return proxy;
  }

  async #serve(target, request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    this.requests.push(`${request.method} ${request.url}`);
    if (this.away) return void request.socket.destroy();
    const ill = this.failEvery && this.requests.length % this.failEvery === 0;
    const headers = { ...request.headers, host: new URL(target).host };
    const body = chunks.length ? Buffer.concat(chunks) : undefined;
    delete headers['content-length'];
    const answer = await fetch(new URL(request.url, target), { method: request.method, headers, body });
    const text = await answer.text();
    if (ill) return void response.writeHead(500, { 'content-type': 'application/json' }).end('{"detail":"ill"}');
    const kept = [...answer.headers].filter(([name]) => ['content-type', 'location', 'etag'].includes(name));
    response.writeHead(answer.status, Object.fromEntries(kept)).end(answer.status === 204 ? undefined : text);
  }

  stop() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
