// SPDX-License-Identifier: Apache-2.0
// A server of one's own, in a data folder of its own.
import { execFileSync, spawn } from 'node:child_process';
import { setDefaultResultOrder } from 'node:dns';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programs } from './programs.mjs';

setDefaultResultOrder('ipv4first'); // Node 18 tries but the first address of localhost

const folders = [];
process.on('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that is gone when the tests are over. */
export function makeDataFolder() {
  folders.push(mkdtempSync(join(tmpdir(), 'liangma-server-test-')));
  return folders.at(-1);
}

export class Server {
  log = '';
  #child;
  #ended;
  #desks = {};

  /**
   * @param limit     what `ulimit` gets, such as "-f 100"
   * @param database  the authority's address; absent: a file in the folder
   * @param env       more variables
   */
  constructor(data, { options = ['--demo', '--rate', '100000'], limit, database, env = {} } = {}) {
    this.data = data;
    this.database = database ?? `sqlite:${data}/authority.sqlite`;
    const command = [programs.server, '--port', '0', '--data', data, '--database', this.database, ...options];
    const [file, ...rest] = limit ? ['bash', '-c', `ulimit ${limit}; exec "$@"`, 'bash', ...command] : command;
    this.#child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.#ended = new Promise((resolve) => this.#child.on('close', (code, signal) => resolve({ code, signal })));
  }

  /** Waits until it listens. @throws Error with what it said where it ends instead */
  async listening() {
    this.port = await new Promise((resolve, reject) => {
      const take = (chunk) => {
        this.log += chunk;
        const found = /"event":"listening","port":(\d+)/.exec(this.log);
        if (found) resolve(Number(found[1]));
      };
      this.#child.stdout.on('data', take);
      this.#child.stderr.on('data', take);
      this.#child.on('close', () => reject(new Error(this.log)));
    });
    this.origin = `http://localhost:${this.port}`;
    return this;
  }

  kill(signal = 'SIGTERM') {
    this.#child.kill(signal);
    return this.#ended;
  }

  /** A code that lets a desk in, as an administrator draws it. */
  deskCode(clinic = 'hz-first') {
    return execFileSync(programs.server, ['desk-code', clinic, '--data', this.data], { encoding: 'utf8' }).trim();
  }

  /** The headers of a new desk of a hospital. */
  async newDesk(clinic = 'hz-first', base = '/api/clinic') {
    const { status, body } = await this.post(`${base}/sessions`, { code: this.deskCode(clinic) });
    if (status !== 201) throw new Error(`no session: ${status}`);
    return { Authorization: `Bearer ${body.session}` };
  }

  /** The headers of the desk that most tests share. */
  desk(clinic = 'hz-first', base = '/api/clinic') {
    this.#desks[clinic] ??= this.newDesk(clinic, base);
    return this.#desks[clinic];
  }

  async call(path, init = {}) {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, init);
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, headers: response.headers, body: type.includes('json') ? JSON.parse(text) : text };
  }

  post(path, body, headers = {}) {
    return this.call(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** What a wallet needs to judge by: the list and its roots. */
  async trust() {
    const config = (await this.call('/config.json')).body;
    const list = await fetch(`http://127.0.0.1:${this.port}${config.trustUrl}`);
    return { roots: config.roots, trust: Buffer.from(await list.arrayBuffer()).toString('base64url') };
  }
}

/** Starts one, hands it to `use`, and cleans up whatever happens. */
export async function withServer(use, settings) {
  const server = new Server(makeDataFolder(), settings);
  try {
    await server.listening();
    await use(server);
  } finally {
    await server.kill('SIGKILL');
  }
}
