// SPDX-License-Identifier: Apache-2.0
// A resident's phone: the native tool of resident.cc behind promises.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { programs } from './programs.mjs';

export class Resident {
  #child = spawn(programs.resident, { stdio: ['pipe', 'pipe', 'inherit'] });
  #waiting = [];

  constructor() {
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()(JSON.parse(line)));
  }

  /** Sends one command; rejects with the tool's error id. */
  async do(what, fields = {}) {
    const reply = await new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#child.stdin.write(`${JSON.stringify({ do: what, now: Math.floor(Date.now() / 1000), ...fields })}\n`);
    });
    if (reply.error) throw new Error(`${reply.error}: ${reply.message}`);
    return reply;
  }

  /**
   * Rows of strings. Every column of the statement has to be text.
   *
   * @param database  a SQLite file, "sqlite:FILE" or "postgresql://…"
   */
  async rows(database, statement) {
    return (await this.do('sql', { database, statement })).rows;
  }

  close() {
    this.#child.stdin.end();
  }
}
