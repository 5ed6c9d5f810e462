// SPDX-License-Identifier: Apache-2.0
// Mini-programs have no global WebAssembly. The host's instantiateWasm calls WXWebAssembly; what is left of the
// name here is the error type.
var WebAssembly = { RuntimeError: Error };
