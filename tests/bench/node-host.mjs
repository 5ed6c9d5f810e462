// SPDX-License-Identifier: Apache-2.0
import { fork } from 'node:child_process';
import { join } from 'node:path';

/** A contender in a Node process of its own. */
class Subject {
  #child;

  constructor(child) {
    this.#child = child;
  }

  call(method, ...args) {
    return new Promise((resolve, reject) => {
      this.#child.once('message', ({ value, error }) => (error ? reject(new Error(error)) : resolve(value)));
      this.#child.send({ method, args });
    });
  }

  async close() {
    this.#child.kill();
  }
}

export function createNodeHost({ sourceFolder, wasmFolder }) {
  return {
    id: 'node',
    title: `Node ${process.version}`,
    async start(bundle) {
      const options = { execArgv: ['--no-warnings'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] };
      return new Subject(fork(join(sourceFolder, 'node-worker.mjs'), [bundle, wasmFolder], options));
    },
    async close() {},
  };
}
