/** Writes streams into a store without end, and says the number of each once it is safe. Ended by kill -9. */
import { writeSync } from 'node:fs'
import { openDatabase } from '../../shim/ports/database.js'
import { openStore } from '../../shim/ports/store-sqlite.js'

const [file, start] = process.argv.slice(2)
const store = openStore(openDatabase(file))
for (let i = Number(start) + 1; ; i++) {
  // The one before may have been saved, but not said.
  const document = { id: `s${i}`, memorialId: 'm1', cloudflareInputId: `i${i}`, title: 'new' }
  await store.SaveIntent({ id: `s${i}`, document: { phase: 'making', due: '9' } })
  await store.SaveStream({ id: `s${i}`, document, intent: null }).catch(() => {})
  const version = String((await store.FindStream({ by: 'id', is: `s${i}` }))?.version)
  await store.UpdateStream({ id: `s${i}`, version, set: { title: 'renamed' } })
  writeSync(1, `${i}\n`)
}
