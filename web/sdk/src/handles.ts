// SPDX-License-Identifier: Apache-2.0
import type { Handle } from './modules.js';
import type { NativeHandle } from './native.js';
import { type Outcome, success } from './outcome.js';

/** Pairs what one module gives out with what it holds inside. */
export class Handles {
  readonly #natives = new WeakMap<Handle, NativeHandle>();

  /** Gives an object out: `methods` plus delete(). */
  wrap<N extends NativeHandle, M extends object>(native: N, methods: M): M & Handle {
    const handle = Object.freeze({ ...methods, delete: () => this.#delete(handle) });
    this.#natives.set(handle, native);
    return handle;
  }

  wrapOutcome<N extends NativeHandle, M extends object>(
    made: Outcome<N>,
    methods: (native: N) => M,
  ): Outcome<M & Handle> {
    return made.ok ? success(this.wrap(made.value, methods(made.value))) : made;
  }

  /** What stands behind an argument. */
  native<N extends NativeHandle>(name: string, handle: Handle): N {
    const native = typeof handle === 'object' && handle !== null ? this.#natives.get(handle) : undefined;
    if (!native) throw new TypeError(`${name} must be a handle of this module that was not deleted`);
    return native as N;
  }

  #delete(handle: Handle): void {
    this.#natives.get(handle)?.delete();
    this.#natives.delete(handle);
  }
}
