/**
 * The embedded store: documents with versions, as the flows' effects ask for them, and a feed of what changed. The
 * method names are the effects' names; store-firestore.js has the same ones, and one suite of tests holds for both.
 */
import { migrate, transaction } from './database.js'
import { PortError } from './port-error.js'

/**
 * @typedef {{ document: any, version: string }} Versioned
 * @typedef {(change: { memorialId: string }) => void} Listener  told after the commit
 * @typedef {{ id: string, phase: 'making' | 'settling', due: string }} Intent  and what else the flows keep there
 * @typedef {'id' | 'cloudflareInputId' | 'muxLiveStreamId' | 'relayKey'} By
 */

const schema = [
  `CREATE TABLE IF NOT EXISTS memorials (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS streams (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL DEFAULT 1,
    document TEXT NOT NULL,
    memorialId TEXT AS (json_extract(document, '$.memorialId')) STORED,
    cloudflareInputId TEXT AS (json_extract(document, '$.cloudflareInputId')) STORED
  ) STRICT;
  CREATE INDEX IF NOT EXISTS streamsOfMemorial ON streams (memorialId);
  CREATE UNIQUE INDEX IF NOT EXISTS streamOfInput ON streams (cloudflareInputId);
  CREATE TABLE IF NOT EXISTS claims (
    uid TEXT NOT NULL, key TEXT NOT NULL, streamId TEXT NOT NULL, orderText TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (uid, key)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS claimsByAge ON claims (at);`,

  `ALTER TABLE streams ADD COLUMN muxLiveStreamId TEXT AS (json_extract(document, '$.muxLiveStreamId')) VIRTUAL;
  ALTER TABLE streams ADD COLUMN relayKey TEXT AS (json_extract(document, '$.relayKey')) VIRTUAL;
  ALTER TABLE streams ADD COLUMN nextCheckAt TEXT AS (json_extract(document, '$.nextCheckAt')) VIRTUAL;
  CREATE UNIQUE INDEX streamOfMux ON streams (muxLiveStreamId);
  CREATE UNIQUE INDEX streamOfRelayKey ON streams (relayKey);
  CREATE INDEX streamsDue ON streams (nextCheckAt);
  CREATE TABLE intents (
    id TEXT PRIMARY KEY, document TEXT NOT NULL, due TEXT AS (json_extract(document, '$.due')) STORED
  ) STRICT;
  CREATE INDEX intentsDue ON intents (due);
  CREATE TABLE eventKeys (key TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
  CREATE INDEX eventKeysByAge ON eventKeys (at);`,
]

const day = 24 * 3600 * 1000
/** How long it is remembered which stream a client's key made. */
export const claimsKeptFor = day
/** How long it is remembered which events were applied. */
export const eventKeysKeptFor = 7 * day
const constraintViolated = 19 // SQLITE_CONSTRAINT, the low byte of its kinds

/**
 * @param {import('node:sqlite').DatabaseSync} database
 * @param {() => number} [clock]  milliseconds
 */
export function openStore(database, clock = Date.now) {
  migrate(database, schema)
  /** @type {Set<Listener>} */
  const listeners = new Set()
  /** @param {string} column */
  const streamBy = (column) => database.prepare(`SELECT document, version FROM streams WHERE ${column} = ?`)
  const sql = {
    memorial: database.prepare('SELECT document FROM memorials WHERE id = ?'),
    memorials: database.prepare('SELECT document FROM memorials ORDER BY rowid'),
    addMemorial: database.prepare('INSERT INTO memorials (id, document) VALUES (?, ?)'),
    stream: {
      id: streamBy('id'),
      cloudflareInputId: streamBy('cloudflareInputId'),
      muxLiveStreamId: streamBy('muxLiveStreamId'),
      relayKey: streamBy('relayKey'),
    },
    streamsOf: database.prepare('SELECT document FROM streams WHERE memorialId = ?'),
    addStream: database.prepare('INSERT INTO streams (id, document) VALUES (?, ?)'),
    putStream: database.prepare('UPDATE streams SET document = ?, version = version + 1 WHERE id = ? AND version = ?'),
    dropStream: database.prepare('DELETE FROM streams WHERE id = ?'),
    dueStreams: database.prepare('SELECT id FROM streams WHERE nextCheckAt <= ? ORDER BY nextCheckAt LIMIT ?'),
    intent: database.prepare('SELECT document FROM intents WHERE id = ?'),
    putIntent: database.prepare(`INSERT INTO intents (id, document) VALUES (?, ?)
      ON CONFLICT (id) DO UPDATE SET document = excluded.document`),
    dropIntent: database.prepare('DELETE FROM intents WHERE id = ?'),
    dueIntents: database.prepare('SELECT id FROM intents WHERE due <= ? ORDER BY due LIMIT ?'),
    eventKey: database.prepare('SELECT 1 FROM eventKeys WHERE key = ?'),
    addEventKey: database.prepare('INSERT INTO eventKeys (key, at) VALUES (?, ?)'),
    forgetEventKeys: database.prepare('DELETE FROM eventKeys WHERE at < ?'),
    claim: database.prepare('SELECT streamId, orderText FROM claims WHERE uid = ? AND key = ?'),
    putClaim: database.prepare(`INSERT INTO claims (uid, key, streamId, orderText, at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (uid, key) DO UPDATE SET streamId = excluded.streamId, at = excluded.at`),
    forgetClaims: database.prepare('DELETE FROM claims WHERE at < ?'),
    alive: database.prepare('SELECT 1'),
  }

  /** @param {string} memorialId */
  const tell = (memorialId) => listeners.forEach((listener) => listener({ memorialId }))
  /** @param {any} row */
  const versioned = (row) => (row ? { document: JSON.parse(row.document), version: String(row.version) } : null)
  /** @param {string} id */
  const intentOf = (id) => {
    const row = sql.intent.get(id)
    return row ? JSON.parse(String(row.document)) : null
  }
  /** @param {string} id @param {object} document */
  const putIntent = (id, document) => sql.putIntent.run(id, JSON.stringify(document))
  /** @param {string} id */
  const inMaking = (id) => {
    if (intentOf(id)?.phase !== 'making') throw new PortError('gone', 'this attempt was given up')
  }
  /** @param {string} id @param {string} version */
  const unchanged = (id, version) => {
    const found = versioned(sql.stream.id.get(id))
    if (found?.version !== version) throw new PortError('conflict', 'the stream has changed since it was read')
    return found.document
  }

  return {
    /** @param {{ memorialId: string }} effect */
    async FindMemorial({ memorialId }) {
      const row = sql.memorial.get(memorialId)
      return row ? JSON.parse(String(row.document)) : null
    },

    async FindMemorials() {
      return sql.memorials.all().map((row) => JSON.parse(String(row.document)))
    },

    /** @param {{ id: string, document: object }} effect */
    async SaveMemorial({ id, document }) {
      createOnly(() => sql.addMemorial.run(id, JSON.stringify(document)))
    },

    /**
     * @param {{ by: By, is: string }} effect
     * @returns {Promise<Versioned | null>}
     */
    async FindStream({ by, is }) {
      return versioned(sql.stream[by].get(is))
    },

    /** @param {{ memorialId: string }} effect */
    async FindStreams({ memorialId }) {
      return sql.streamsOf.all(memorialId).map((row) => JSON.parse(String(row.document)))
    },

    /**
     * Creates the stream, if its intent is still there and nobody has begun to settle it; in the same transaction the
     * intent goes, or becomes `intent`.
     * @param {{ id: string, document: any, view?: object, intent: Intent | null }} effect  `view`: for stores that
     *   others read too
     */
    async SaveStream({ id, document, intent }) {
      transaction(database, () => {
        createOnly(() => sql.addStream.run(id, JSON.stringify(document)))
        inMaking(id)
        if (intent) putIntent(id, intent)
        else sql.dropIntent.run(id)
      })
      tell(document.memorialId)
    },

    /**
     * Writes dotted fields (null takes a field away) into the document, if it is still at `version`. With `eventKey`, of
     * the event that said so: one that is known changes nothing. With `intentId`: that intent goes, and must not have
     * been given up.
     * @param {{ id: string, version: string, set: Record<string, unknown>, view?: object, eventKey?: string,
     *   intentId?: string }} effect
     * @returns {Promise<{ duplicate: boolean }>}
     */
    async UpdateStream({ id, version, set, eventKey = '', intentId = '' }) {
      const memorialId = transaction(database, () => {
        if (eventKey) {
          sql.forgetEventKeys.run(clock() - eventKeysKeptFor)
          if (sql.eventKey.get(eventKey)) return null
        }
        const document = unchanged(id, version)
        if (intentId) {
          inMaking(intentId)
          sql.dropIntent.run(intentId)
        }
        for (const [field, value] of Object.entries(set)) setField(document, field, value)
        sql.putStream.run(JSON.stringify(document), id, Number(version))
        if (eventKey) sql.addEventKey.run(eventKey, clock())
        return document.memorialId
      })
      if (memorialId === null) return { duplicate: true }
      tell(memorialId)
      return { duplicate: false }
    },

    /**
     * Removes the stream, if it is still at `version`, and notes down what is to be taken away at the providers.
     * @param {{ id: string, version: string, intent: Intent }} effect
     */
    async RemoveStream({ id, version, intent }) {
      const memorialId = transaction(database, () => {
        const document = unchanged(id, version)
        sql.dropStream.run(id)
        putIntent(intent.id, intent)
        return document.memorialId
      })
      tell(memorialId)
    },

    /** Creates or replaces. @param {{ id: string, document: object }} effect */
    async SaveIntent({ id, document }) {
      putIntent(id, document)
    },

    /** @param {{ id: string }} effect */
    async DropIntent({ id }) {
      sql.dropIntent.run(id)
    },

    /**
     * Takes an intent that is due, so that nobody else settles it before `until`.
     * @param {{ id: string, now: string, until: string }} effect
     * @returns {Promise<any | null>} the intent; null when it is gone, or not due
     */
    async TakeIntent({ id, now, until }) {
      return transaction(database, () => {
        const intent = intentOf(id)
        if (!intent || intent.due > now) return null
        const taken = { ...intent, phase: 'settling', due: until }
        putIntent(id, taken)
        return taken
      })
    },

    /**
     * The stream, if it is to be compared with the providers by `now`; nobody else is given it before `until`.
     * @param {{ id: string, now: string, until: string }} effect
     */
    async TakeCheck({ id, now, until }) {
      return transaction(database, () => {
        const found = versioned(sql.stream.id.get(id))
        const at = found?.document.nextCheckAt
        if (!found || !at || at > now) return null
        sql.putStream.run(JSON.stringify({ ...found.document, nextCheckAt: until }), id, Number(found.version))
        return versioned(sql.stream.id.get(id))
      })
    },

    /**
     * Remembers a stream's id under a user's key; a key that is known keeps what it has, unless that is `instead`, a
     * stream that was never finished: then that attempt is over, or still `busy`.
     * @param {{ uid: string, key: string, streamId: string, order: string, now: string, instead?: string }} effect
     * @returns {Promise<{ streamId: string, sameOrder: boolean, busy?: boolean }>}
     */
    async ClaimKey({ uid, key, streamId, order, now, instead = '' }) {
      const at = Date.parse(now)
      return transaction(database, () => {
        sql.forgetClaims.run(at - claimsKeptFor)
        const known = sql.claim.get(uid, key)
        if (known) {
          const its = { streamId: String(known.streamId), sameOrder: known.orderText === order }
          if (!its.sameOrder || its.streamId !== instead || sql.stream.id.get(instead)) return its
          const intent = intentOf(instead)
          if (intent?.phase === 'making' && intent.due > now) return { ...its, busy: true }
          if (intent) putIntent(instead, { ...intent, phase: 'settling' })
        }
        sql.putClaim.run(uid, key, streamId, order, at)
        return { streamId, sameOrder: true }
      })
    },

    /** Ids of intents to be settled, the longest due first. @param {string} now @param {number} limit */
    async dueIntents(now, limit) {
      return sql.dueIntents.all(now, limit).map((row) => String(row.id))
    },

    /** Ids of streams to be compared with their providers. @param {string} now @param {number} limit */
    async dueStreams(now, limit) {
      return sql.dueStreams.all(now, limit).map((row) => String(row.id))
    },

    /**
     * Every change of a stream, from now on.
     * @param {Listener} listener
     * @returns {() => void} ends it
     */
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    /** Throws when the store cannot be used. */
    async check() {
      sql.alive.get()
    },

    async close() {
      database.close()
    },
  }
}

/** @typedef {ReturnType<typeof openStore>} Store */

/** @param {() => void} insert */
function createOnly(insert) {
  try {
    insert()
  } catch (error) {
    if ((Number(/** @type {any} */ (error).errcode) & 0xff) !== constraintViolated) throw error
    throw new PortError('conflict', 'there is such a document already', { cause: error })
  }
}

/** @param {any} document @param {string} field dotted @param {unknown} value */
function setField(document, field, value) {
  const keys = field.split('.')
  const last = /** @type {string} */ (keys.pop())
  let at = document
  for (const key of keys) at = at[key] ??= {}
  if (value === null) delete at[last]
  else at[last] = value
}
