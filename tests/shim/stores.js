/** The stores there are, as a test opens each of them. */
import { openDatabase } from '../../shim/ports/database.js'
import { openFirebase } from '../../shim/ports/firebase.js'
import { openFirestore } from '../../shim/ports/store-firestore.js'
import { openStore } from '../../shim/ports/store-sqlite.js'
import { skipWithoutEmulator, startEmulator, timeout } from './firestore.js'

/** @typedef {import('../../shim/ports/store-sqlite.js').Store} Store */

/** @type {Awaited<ReturnType<typeof startEmulator>>} */
let emulator
const log = () => {}

/** @type {{ name: string, skip: string | false, before?: () => Promise<void>, after?: () => Promise<void>, open: (clock: () => number) => Promise<{ store: Store, close: () => Promise<void> }> }[]} */
export const stores = [
  {
    name: 'SQLite',
    skip: false,
    async open(clock) {
      const store = openStore(openDatabase(':memory:'), clock)
      return { store, close: store.close }
    },
  },
  {
    name: 'Firestore',
    skip: skipWithoutEmulator(),
    before: async () => void (emulator = await startEmulator()),
    after: () => emulator.stop(),
    async open(clock) {
      const firebase = await openFirebase({ projectId: emulator.project() })
      const store = await openFirestore({ app: firebase.app, log, clock, timeout })
      return { store, close: () => store.close().then(firebase.close) }
    },
  },
]
