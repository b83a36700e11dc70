import wasm from 'client-module.wasm'

/** @typedef {import('./types.js').ClientModule} ClientModule */

/** @type {Promise<ClientModule> | undefined} */
let loading

/**
 * The client module (WebAssembly), loaded at the first call and shared by the whole page.
 * A failed load is tried again at the next call. Without WebAssembly it has no Publisher, and a plain Player.
 */
export function loadClient() {
  loading ??= load().catch((error) => {
    loading = undefined
    throw error
  })
  return loading
}

/** @returns {Promise<ClientModule>} */
async function load() {
  if (!runsWebAssembly())
    return /** @type {ClientModule} */ (/** @type {unknown} */ (await import('./plain-player.js')))
  const { default: factory } = await import('client-module')
  return factory({ locateFile: () => new URL(wasm, import.meta.url).href })
}

/**
 * Safari before 16 and Chrome before 97 do not know the 'wasm-unsafe-eval' of our policy, and refuse.
 */
export function runsWebAssembly() {
  try {
    return Boolean(new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)))
  } catch {
    return false
  }
}
