/** The C++ core as Node loads it, once per process. */

/**
 * @typedef {import('./run.js').Flow} Flow
 * @typedef {object} Core  each takes a JSON text; what is in it, see wasm/streams/flow_json.hpp
 * @property {(order: string) => Flow} createStream
 * @property {(notice: string) => Flow} readNotice
 * @property {(request: string) => Flow} settleIntent
 * @property {(request: string) => Flow} reconcileStream
 * @property {(request: string) => Flow} checkStream
 * @property {(request: string) => Flow} renameStream
 * @property {(request: string) => Flow} removeStream
 * @property {(request: string) => Flow} rotateKeys
 * @property {(request: string) => Flow} retryBackup
 * @property {(request: string) => Flow} relayTarget
 * @property {(request: string) => Flow} viewMemorial
 * @property {(request: string) => Flow} listStreams
 * @property {(request: string) => Flow} getStream
 * @property {(request: string) => Flow} listMemorials
 * @property {(request: string) => Flow} createMemorial
 */

/** @type {Promise<Core> | undefined} */
let loading

/** @returns {Promise<Core>} */
export function loadCore() {
  loading ??= import(new URL('../build/dist/server.mjs', import.meta.url).href).then(
    (module) => module.default(),
    (error) => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
      throw new Error('build/dist/server.mjs is missing. Run "make build" first.', { cause: error })
    },
  )
  return loading
}
