import wasm from 'player-module.wasm'
import { once, runsWebAssembly } from './load-module.js'

/** The module with the Player; without WebAssembly a plain one. */
export const loadPlayer = once(async () => {
  if (!runsWebAssembly()) return import('./plain-player.js')
  const { default: factory } = await import('player-module')
  return factory({ locateFile: () => new URL(wasm, import.meta.url).href })
})
