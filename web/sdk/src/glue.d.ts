// SPDX-License-Identifier: Apache-2.0
// The loaders that Emscripten writes; build.mjs puts them in.

declare module 'liangma-glue:*' {
  interface GlueOptions {
    instantiateWasm(imports: object, receive: (instance: import('./host.js').WasmInstance) => void): object;
  }
  const create: (options: GlueOptions) => Promise<unknown>;
  export default create;
}

// One entry for each file of the repository's i18n folder; build.mjs puts them in.
declare module 'liangma-catalogs' {
  const catalogs: {
    readonly [locale: string]: () => Promise<{ default: { readonly [key: string]: string } }>;
  };
  export default catalogs;
}
