import wasm from 'client-module.wasm'

/** @type {Promise<import('./types.js').ClientModule> | undefined} */
let loading

/**
 * The client module (WebAssembly), loaded at the first call and shared by the whole page.
 * A failed load is tried again at the next call.
 */
export function loadClient() {
  loading ??= import('client-module')
    .then(({ default: factory }) => factory({ locateFile: () => new URL(wasm, import.meta.url).href }))
    .catch((error) => {
      loading = undefined
      throw error
    })
  return loading
}
