// SPDX-License-Identifier: Apache-2.0

/** Keeps the screen on while it is held and the page is visible. Does nothing where the browser cannot. */
export class WakeLock {
  #sentinel: WakeLockSentinel | undefined;
  #wanted = false;

  async hold(): Promise<void> {
    this.#wanted = true;
    if (this.#sentinel || !('wakeLock' in navigator)) return;
    try {
      const sentinel = await navigator.wakeLock.request('screen');
      sentinel.addEventListener('release', () => (this.#sentinel = undefined));
      this.#sentinel = sentinel;
      if (!this.#wanted) this.release();
    } catch {
      // Refused on a low battery: the code works all the same.
    }
  }

  release(): void {
    this.#wanted = false;
    void this.#sentinel?.release();
    this.#sentinel = undefined;
  }
}
