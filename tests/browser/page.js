// Loads the client module and keeps what its objects tell, for the tests beside this file.
import createClient from '/client.mjs'

const client = await createClient()
Object.assign(globalThis, {
  client,
  here: globalThis,
  /** A Publisher and the states it told. */
  publish() {
    const states = []
    const publisher = new client.Publisher((state) => states.push(state))
    return Object.assign(globalThis, { publisher, states }).publisher
  },
  ready: true,
})
