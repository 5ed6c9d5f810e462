// SPDX-License-Identifier: Apache-2.0
// A mini-program's world: nothing but ECMAScript, and a few calls of `wx`.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import vm from 'node:vm';
import { sdkFolder } from './paths.mjs';

export const lane = join(sdkFolder, 'dist/wx');

/** What ECMAScript itself defines; a context of Node's has more, which is taken away. */
const builtins = new Set(
  `globalThis Infinity NaN undefined eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI
   encodeURIComponent AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error
   EvalError FinalizationRegistry Float32Array Float64Array Function Int8Array Int16Array Int32Array Map Number Object
   Promise Proxy RangeError ReferenceError RegExp Set String Symbol SyntaxError TypeError Uint8Array Uint8ClampedArray
   Uint16Array Uint32Array URIError WeakMap WeakRef WeakSet JSON Math Reflect escape unescape`.split(/\s+/),
);

/** A mini-program on one phone: its package files, its storage, its `wx`. */
export class Phone {
  storage = new Map();
  calls = [];

  constructor(clocks, network) {
    this.clocks = clocks;
    this.network = network;
  }

  /** Starts the mini-program anew and gives what its main file exports. */
  start() {
    const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } });
    for (const name of vm.runInContext('Object.getOwnPropertyNames(globalThis)', context)) {
      if (!builtins.has(name)) vm.runInContext(`delete globalThis[${JSON.stringify(name)}]`, context);
    }
    const left = vm.runInContext('Object.getOwnPropertyNames(globalThis)', context);
    assert.deepEqual(
      [...left].filter((name) => !builtins.has(name)),
      [],
    );
    this.context = context;
    this.setClock();
    return this.require('/liangma/index.js');
  }

  /** The device's clock. */
  setClock() {
    vm.runInContext('Date', this.context).now = this.clocks.parts().now;
  }

  require(path) {
    const inside = posix.relative('/liangma', path);
    const file = inside.startsWith('js/') ? join(sdkFolder, 'dist', inside) : join(lane, inside);
    const run = vm.runInContext(
      `(function (require, module, exports) {${readFileSync(file, 'utf8')}\n})`,
      this.context,
      {
        filename: path,
      },
    );
    const module = { exports: {} };
    run((name) => this.require(posix.join(posix.dirname(path), name)), module, module.exports);
    return module.exports;
  }

  get wxWebAssembly() {
    return {
      instantiate: async (...args) => {
        const [path, imports] = args;
        assert.equal(args.length, 2);
        assert.equal(typeof path, 'string', 'a path, not bytes');
        const bytes = readFileSync(join(lane, posix.relative('/liangma', path)));
        return { instance: new WebAssembly.Instance(new WebAssembly.Module(bytes), imports) };
      },
    };
  }

  get wx() {
    const later = (callback, value) => queueMicrotask(() => callback(value));
    return {
      getRandomValues: ({ length, success }) => {
        this.calls.push('getRandomValues');
        later(success, { randomValues: webcrypto.getRandomValues(new Uint8Array(length)).buffer });
      },
      setStorage: ({ key, data, encrypt, success, fail }) => {
        this.calls.push('setStorage');
        if (typeof data !== 'string') return later(fail, { errMsg: 'setStorage:fail not text' });
        this.storage.set(key, { data, encrypt });
        return later(success, { errMsg: 'setStorage:ok' });
      },
      getStorage: ({ key, encrypt, success, fail }) => {
        this.calls.push('getStorage');
        const kept = this.storage.get(key);
        if (!kept || kept.encrypt !== encrypt)
          return later(fail, { errMsg: 'getStorage:fail data not found' });
        return later(success, { data: kept.data, errMsg: 'getStorage:ok' });
      },
      ...(this.network ? { request: (options) => this.request(options) } : {}),
    };
  }

  request({ url, method, data, success, fail }) {
    this.network(url, { method, body: data }).then(
      ({ status, body }) => success({ statusCode: status, header: {}, data: body.slice().buffer }),
      () => fail({ errMsg: 'request:fail' }),
    );
  }
}
