// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawn } from 'node:child_process';
import { setDefaultResultOrder } from 'node:dns';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { builtApps, program, repository } from './paths.mjs';

setDefaultResultOrder('ipv4first'); // Node 18 tries but the first address of localhost

const kPatienceMilliseconds = 5000;

/** A demo server with a country of its own in a new folder. */
export class DemoServer {
  #process;
  port = 0;

  /** Read at the next start. */
  options;

  /** @param options  other than those of a demo that is its own hospital */
  constructor(options = ['--demo']) {
    this.options = options;
    this.data = mkdtempSync(join(tmpdir(), 'liangma-server-'));
  }

  get origin() {
    return `http://localhost:${this.port}`;
  }

  get trustFile() {
    return join(this.data, 'trust.json');
  }

  /** Starts it, on the same port as before if it was stopped. */
  async start() {
    const options = [...this.options, '--rate', '100000', '--port', String(this.port), '--data', this.data, '--web', builtApps, '--packs', join(repository, 'tools/regions')];
    this.#process = spawn(program('liangma-server'), options, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.port = await Promise.race([this.#announcedPort(this.#process.stdout), this.#announcedPort(this.#process.stderr), this.#earlyEnd()]);
    return this;
  }

  /** Reads on for ever: a server whose log nobody reads would wait for its reader. */
  #announcedPort(stream) {
    return new Promise((resolve) => {
      let text = '';
      stream.on('data', (chunk) => {
        if (text === undefined) return;
        text += chunk;
        const port = /"?listening"?.*?"?port"?[=:]\s*(\d+)/.exec(text)?.[1];
        if (!port) return;
        text = undefined;
        resolve(Number(port));
      });
    });
  }

  async #earlyEnd() {
    const [code] = await once(this.#process, 'exit');
    throw new Error(`liangma-server ended with ${code} before it listened`);
  }

  /** Cuts it off; what it holds stays. */
  async stop() {
    const running = this.#process;
    this.#process = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    const timer = setTimeout(() => running.kill('SIGKILL'), kPatienceMilliseconds);
    await ended;
    clearTimeout(timer);
  }

  async remove() {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** A code that lets a hospital's desk in, as an administrator draws it. */
  deskCode(clinic = 'hz-first') {
    return execFileSync(program('liangma-server'), ['desk-code', clinic, '--data', this.data], { encoding: 'utf8' }).trim();
  }

  /** A code that makes a device a gate which asks, as its owner draws it. */
  gateCode(gate, ...names) {
    const options = names.flatMap((name) => ['--name', name]);
    return execFileSync(program('liangma-server'), ['gate-code', gate, ...options, '--data', this.data], { encoding: 'utf8' }).trim();
  }

  keyFile(name) {
    return join(this.data, 'keys', readdirSync(join(this.data, 'keys')).find((file) => file === name));
  }

  async tickets() {
    return (await fetch(`${this.origin}/api/demo/tickets`)).json();
  }

  /** A demo resident's ticket that nobody has taken yet. */
  async ticketOf(name) {
    const found = (await this.tickets()).find((one) => one.name === name);
    if (!found) throw new Error(`no ticket of ${name}`);
    return found.ticket;
  }
}
