/**
 * A function that loads a module (WebAssembly) at its first call and shares it with the whole page. A failed load is
 * tried again at the next call.
 *
 * @template Module
 * @param {() => Promise<Module>} load
 */
export function once(load) {
  /** @type {Promise<Module> | undefined} */
  let loading
  return () =>
    (loading ??= load().catch((error) => {
      loading = undefined
      throw error
    }))
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
