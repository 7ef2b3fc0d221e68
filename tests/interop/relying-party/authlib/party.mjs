// The application in Python, as a process that answers one line for each that it is sent.
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const at = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What authlib, or the server by its mouth, refuses: `error` is the OAuth code or the name of authlib's exception. */
export class Refused extends Error {
  constructor({ error, description }) {
    super(`${error}: ${description}`);
    this.error = error;
  }
}

export class Python {
  #process;
  #lines;
  #made = 0;

  /** With a Python that has authlib; the first time it is fetched. */
  static async start() {
    const { stdout } = await promisify(execFile)(at('../../../venv'), ['authlib', at('requirements.txt')]);
    return new Python(stdout.trim());
  }

  constructor(python) {
    this.#process = spawn(python, ['-B', at('party.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async call(name, args = {}, where = undefined) {
    this.#process.stdin.write(`${JSON.stringify({ name, where, arguments: args })}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the application in Python has ended; its reason is above');
    const answer = JSON.parse(value);
    if (answer.error) throw new Refused(answer.error);
    return answer.ok;
  }

  /** A `website` or a `program`, and how it is called. */
  async make(kind, args) {
    const where = `${kind} ${(this.#made += 1)}`;
    await this.call(kind, args, where);
    return (name, more) => this.call(name, more, where);
  }

  stop() {
    this.#process.stdin.end();
  }
}
