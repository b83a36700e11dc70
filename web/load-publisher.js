import wasm from 'publisher-module.wasm'
import { once } from './load-module.js'

/** The module with the Publisher. Rejects without WebAssembly. */
export const loadPublisher = once(async () => {
  const { default: factory } = await import('publisher-module')
  return factory({ locateFile: () => new URL(wasm, import.meta.url).href })
})
