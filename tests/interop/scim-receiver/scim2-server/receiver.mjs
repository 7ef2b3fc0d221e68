// PyPI scim2-server in a process of its own.
import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, waitFor } from '../../harness.mjs';

const TOKEN = 'scim2-server-token-of-the-tests';
const at = (file) => fileURLToPath(new URL(file, import.meta.url));

export async function start() {
  const { stdout } = await promisify(execFile)(at('../../../venv'), ['scim2-server', at('requirements.txt')]);
  const port = await freePort();
  const program = path.join(path.dirname(stdout.trim()), 'scim2-server');
  const child = spawn(program, ['--bearer-token', TOKEN, '--port', String(port)], { stdio: 'ignore' });
  process.on('exit', () => child.kill('SIGKILL'));
  const baseUrl = `http://127.0.0.1:${port}/v2`;
  const answers = () => fetch(`${baseUrl}/ServiceProviderConfig`, { headers: { authorization: `Bearer ${TOKEN}` } }).then((a) => a.ok, () => false);
  await waitFor(answers, 'scim2-server');
  return { baseUrl, token: TOKEN, stop: () => child.kill('SIGKILL') };
}
