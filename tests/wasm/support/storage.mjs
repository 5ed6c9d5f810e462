// SPDX-License-Identifier: Apache-2.0

/** Storage whose n-th write fails, and everything after it: as if the process had been killed there. */
export class FailingStorage {
  #values = new Map();
  #left = Infinity;
  #mode = 'refused';
  failRemoves = false;
  hasFailed = false;

  /** @param mode  'refused': nothing is written · 'torn': half of it is · 'done-but-reported-failed': all of it is */
  failAt(write, mode) {
    this.#left = write;
    this.#mode = mode;
  }

  heal() {
    this.#left = Infinity;
    this.hasFailed = false;
  }

  clear() {
    this.#values.clear();
  }

  keys() {
    return [...this.#values.keys()];
  }

  values() {
    return [...this.#values.values()];
  }

  copy() {
    const copy = new FailingStorage();
    for (const [key, value] of this.#values) copy.#values.set(key, value.slice());
    return copy;
  }

  async get(key) {
    return this.#values.get(key)?.slice();
  }

  async set(key, value) {
    this.#count(() => {
      if (this.#mode === 'torn') this.#values.set(key, value.slice(0, value.length >> 1));
      if (this.#mode === 'done-but-reported-failed') this.#values.set(key, value.slice());
    });
    this.#values.set(key, value.slice());
  }

  async remove(key) {
    if (this.failRemoves) throw new Error('not removed');
    this.#count(() => undefined);
    this.#values.delete(key);
  }

  #count(atFailure) {
    if (this.hasFailed) throw new Error('killed');
    if (--this.#left > 0) return;
    this.hasFailed = true;
    atFailure();
    throw new Error('killed');
  }
}
