/**
 * The store on Firestore, for any number of instances: the same function names as store-sqlite.js. What one instance
 * writes, all hear of, by listening to the public views.
 *
 *   streams/{id}        the document; its version is the time Firestore last wrote it
 *   streamsPublic/{id}  its public view, written in the same transaction; the only one the public may read
 *   streamsRemoved/{id} that there was one: for those who listen
 *   memorials/{id}  intents/{id}  claims/{hash}  eventKeys/{hash}
 *
 * claims, eventKeys and streamsRemoved have `expiresAt`, for a time-to-live policy.
 */
import { createHash } from 'node:crypto'
import { firestoreError, within } from './firebase.js'
import { listen } from './firestore-feed.js'
import { PortError } from './port-error.js'
import { claimsKeptFor, eventKeysKeptFor } from './store-sqlite.js'

const patience = 10_000 // a person is waiting
const removedKeptFor = 3600 * 1000

/**
 * @param {object} options
 * @param {import('./firebase.js').FirebaseApp} options.app
 * @param {import('../../media/log.js').Log} options.log
 * @param {() => number} [options.clock]  milliseconds
 * @param {number} [options.timeout]  milliseconds
 * @returns {Promise<import('./store-sqlite.js').Store>}
 */
export async function openFirestore({ app, log, clock = Date.now, timeout = patience }) {
  const { getFirestore, FieldPath, FieldValue, Timestamp } = await import('firebase-admin/firestore')
  const db = getFirestore(app)
  const [streams, views, removed] = ['streams', 'streamsPublic', 'streamsRemoved'].map((name) => db.collection(name))
  const [memorials, intents, claims, eventKeys] = ['memorials', 'intents', 'claims', 'eventKeys'].map((name) =>
    db.collection(name),
  )
  const feed = listen({ views, removed, log, clock })

  /** @template T @param {() => Promise<T>} work */
  const ask = (work) =>
    within(work, timeout, 'Firestore').catch((error) => {
      throw firestoreError(error)
    })
  /**
   * All or nothing, if what was read is still so: instead of a transaction, whose locks would make others wait.
   * @param {(batch: FirebaseFirestore.WriteBatch) => unknown} write
   */
  const commit = (write) =>
    ask(async () => {
      const batch = db.batch()
      write(batch)
      await batch.commit()
    })
  /** @param {FirebaseFirestore.DocumentSnapshot} found */
  const unchanged = (found) => ({ lastUpdateTime: found.updateTime })

  /** @param {FirebaseFirestore.Timestamp | undefined} time */
  const version = (time) => `${time?.seconds}.${String(time?.nanoseconds).padStart(9, '0')}`
  /** @param {string} text */
  const lastUpdateTime = (text) => {
    const [seconds, nanoseconds] = text.split('.').map(Number)
    return new Timestamp(seconds, nanoseconds)
  }
  /** @param {FirebaseFirestore.DocumentSnapshot} found */
  const versioned = (found) => ({ document: found.data(), version: version(found.updateTime) })
  const expires = (/** @type {number} */ milliseconds) => ({ expiresAt: Timestamp.fromMillis(clock() + milliseconds) })
  /** A view as it is stored. @param {object} view */
  const stored = (view) => ({ ...view, changedAt: FieldValue.serverTimestamp() })
  /** @param {string} due @param {FirebaseFirestore.Query} query @param {string} now @param {number} limit */
  const dueOf = async (due, query, now, limit) => {
    const found = await ask(() => query.where(due, '<=', now).orderBy(due).limit(limit).select().get())
    return found.docs.map((each) => each.id)
  }

  /** @param {Parameters<import('./store-sqlite.js').Store['ClaimKey']>[0]} effect */
  async function claimOnce({ uid, key, streamId, order, now, instead = '' }) {
    const at = Date.parse(now)
    const known = await ask(() => claims.doc(hash(uid, key)).get())
    /** @type {FirebaseFirestore.DocumentSnapshot | null} */
    let fenced = null
    if (known.exists && known.get('at') >= at - claimsKeptFor) {
      const its = { streamId: known.get('streamId'), sameOrder: known.get('order') === order }
      if (!its.sameOrder || its.streamId !== instead) return its
      // The intent before the stream: when it is gone because the stream was saved, the stream is seen.
      const kept = await ask(() => intents.doc(instead).get())
      const made = await ask(() => streams.doc(instead).get())
      if (made.exists) return its
      if (kept.get('phase') === 'making' && kept.get('due') > now) return { ...its, busy: true }
      if (kept.exists) fenced = kept
    }
    await commit((batch) => {
      const claim = { streamId, order, at, ...expires(claimsKeptFor) }
      if (known.exists) batch.update(known.ref, claim, unchanged(known))
      else batch.create(known.ref, claim)
      if (fenced) batch.update(fenced.ref, { phase: 'settling' }, unchanged(fenced))
    })
    return { streamId, sameOrder: true }
  }

  return {
    async FindMemorial({ memorialId }) {
      const found = await ask(() => memorials.doc(memorialId).get())
      return found.data() ?? null
    },

    async FindMemorials() {
      const found = await ask(() => memorials.get())
      return found.docs.map((each) => each.data())
    },

    async SaveMemorial({ id, document }) {
      await ask(() => memorials.doc(id).create(document))
    },

    async FindStream({ by, is }) {
      if (by === 'id') {
        const found = await ask(() => streams.doc(is).get())
        return found.exists ? versioned(found) : null
      }
      const found = await ask(() => streams.where(by, '==', is).limit(1).get())
      return found.empty ? null : versioned(found.docs[0])
    },

    async FindStreams({ memorialId }) {
      const found = await ask(() => streams.where('memorialId', '==', memorialId).get())
      return found.docs.map((each) => each.data())
    },

    async SaveStream({ id, document, view = {}, intent }) {
      const kept = await ask(() => intents.doc(id).get())
      const making = kept.get('phase') === 'making'
      try {
        await commit((batch) => {
          if (!making) throw givenUp()
          batch.create(streams.doc(id), document)
          batch.set(views.doc(id), stored({ memorialId: document.memorialId, ...view }))
          batch.delete(kept.ref, unchanged(kept))
          if (intent) batch.set(intents.doc(intent.id), intent)
        })
      } catch (error) {
        // Of both reasons, that it is there already counts first.
        if (!['conflict', 'gone'].includes(/** @type {any} */ (error).code)) throw error
        const made = await ask(() => streams.doc(id).get())
        throw made.exists ? new PortError('conflict', 'there is such a document already') : givenUp()
      }
    },

    async UpdateStream({ id, version, set, view, eventKey = '', intentId = '' }) {
      /** @type {[FirebaseFirestore.FieldPath, unknown][]} */
      const fields = Object.entries(set).map(([field, value]) => [
        new FieldPath(...field.split('.')),
        value === null ? FieldValue.delete() : value,
      ])
      const key = eventKeys.doc(hash(eventKey || '-'))
      const kept = intentId ? await ask(() => intents.doc(intentId).get()) : null
      if (kept && kept.get('phase') !== 'making') throw givenUp()
      try {
        await commit((batch) => {
          const [[field, value], ...more] = fields.length ? fields : [[new FieldPath('id'), id]]
          const condition = { lastUpdateTime: lastUpdateTime(version) }
          batch.update(streams.doc(id), field, value, ...more.flat(), condition)
          if (view) batch.set(views.doc(id), stored(view))
          if (kept) batch.delete(kept.ref, unchanged(kept))
          if (eventKey) batch.create(key, expires(eventKeysKeptFor))
        })
        return { duplicate: false }
      } catch (error) {
        if (!eventKey || /** @type {any} */ (error).code !== 'conflict') throw error
        // Either somebody else changed the stream, or this event was applied before.
        const known = await ask(() => key.get())
        if (!known.exists) throw error
        if (known.get('expiresAt').toMillis() > clock()) return { duplicate: true }
        await ask(() => key.delete({ lastUpdateTime: known.updateTime }))
        throw error
      }
    },

    async RemoveStream({ id, version, intent }) {
      const found = await ask(() => streams.doc(id).get())
      await commit((batch) => {
        batch.delete(streams.doc(id), { lastUpdateTime: lastUpdateTime(version) })
        batch.delete(views.doc(id))
        batch.set(removed.doc(id), stored({ memorialId: found.get('memorialId') ?? '', ...expires(removedKeptFor) }))
        batch.set(intents.doc(intent.id), intent)
      })
    },

    async SaveIntent({ id, document }) {
      await ask(() => intents.doc(id).set(document))
    },

    async DropIntent({ id }) {
      await ask(() => intents.doc(id).delete())
    },

    async TakeIntent({ id, now, until }) {
      const kept = await ask(() => intents.doc(id).get())
      const intent = /** @type {any} */ (kept.data())
      if (!intent || intent.due > now) return null
      const change = { phase: 'settling', due: until }
      try {
        await commit((batch) => batch.update(kept.ref, change, unchanged(kept)))
      } catch (error) {
        if (/** @type {any} */ (error).code !== 'conflict') throw error
        return null // somebody else took it, or it is done
      }
      return { ...intent, ...change }
    },

    async TakeCheck({ id, now, until }) {
      const found = await ask(() => streams.doc(id).get())
      const at = found.get('nextCheckAt')
      if (!at || at > now) return null
      try {
        await commit((batch) => batch.update(found.ref, { nextCheckAt: until }, unchanged(found)))
      } catch (error) {
        if (/** @type {any} */ (error).code !== 'conflict') throw error
        return null // somebody else took it, or changed it
      }
      const taken = await ask(() => streams.doc(id).get())
      return taken.exists ? versioned(taken) : null
    },

    async ClaimKey(effect) {
      for (let tries = 0; ; tries++) {
        try {
          return await claimOnce(effect)
        } catch (error) {
          if (/** @type {any} */ (error).code !== 'conflict' || tries === 8) throw error
        }
      }
    },

    dueIntents: (now, limit) => dueOf('due', intents, now, limit),
    dueStreams: (now, limit) => dueOf('nextCheckAt', streams, now, limit),

    subscribe: feed.subscribe,

    async check() {
      await ask(() => memorials.limit(1).select().get())
    },

    async close() {
      feed.close()
      await db.terminate()
    },
  }
}

const givenUp = () => new PortError('gone', 'this attempt was given up')

/** An id any text can have. @param {string[]} texts */
const hash = (...texts) => createHash('sha256').update(JSON.stringify(texts)).digest('base64url')
