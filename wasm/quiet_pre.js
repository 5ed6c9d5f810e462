// SPDX-License-Identifier: Apache-2.0
// The module never writes to a console: a host that wants to see its last words passes print and printErr.
Module['print'] = Module['print'] || function () {};
Module['printErr'] = Module['printErr'] || function () {};
