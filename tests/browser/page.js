// Loads the client module and keeps what its objects tell, for the tests beside this file.
/** @typedef {typeof import('../../build/dist/client.mjs')} Client */

const url = '/client.mjs'
const { default: createClient } = /** @type {Client} */ (await import(url))
const client = await createClient()

Object.assign(globalThis, {
  client,
  here: globalThis,
  /** A Publisher, and the states it told. */
  publish() {
    /** @type {unknown[]} */
    const states = []
    const publisher = new client.Publisher((state) => void states.push(state))
    return Object.assign(globalThis, { publisher, states }).publisher
  },
  ready: true,
})
