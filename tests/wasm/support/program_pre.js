// SPDX-License-Identifier: Apache-2.0
// Gives a program that was compiled to WebAssembly the environment of the Node process that runs it, and its own
// bytes: Emscripten 3.1.6 would ask Node's fetch for them, which takes no file names.
Module['wasmBinary'] = require('fs').readFileSync(__filename.replace(/\.js$/, '.wasm'));
Module['preRun'] = function () {
  if (typeof ENV !== 'undefined') Object.assign(ENV, process.env);
};
