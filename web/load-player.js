import wasm from 'player-module.wasm'
import { once, runsWebAssembly } from './load-module.js'

/** @typedef {import('./types.js').PlayerModule} PlayerModule */

/** The module with the Player; without WebAssembly a plain one. */
export const loadPlayer = once(
  /** @returns {Promise<PlayerModule>} */
  async () => {
    if (!runsWebAssembly())
      return /** @type {PlayerModule} */ (/** @type {unknown} */ (await import('./plain-player.js')))
    const { default: factory } = await import('player-module')
    return factory({ locateFile: () => new URL(wasm, import.meta.url).href })
  },
)
