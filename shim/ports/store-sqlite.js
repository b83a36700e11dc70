/**
 * The embedded store: documents with versions, as the flows' effects ask for them, and a feed of what changed. The
 * method names are the effects' names; Firestore slots in with the same ones.
 */
import { transaction } from './database.js'
import { PortError } from './port-error.js'

/**
 * @typedef {{ document: any, version: string }} Versioned
 * @typedef {(change: { memorialId: string }) => void} Listener  told after the commit
 */

const schema = `
  CREATE TABLE IF NOT EXISTS memorials (id TEXT PRIMARY KEY, document TEXT NOT NULL) STRICT;
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
  CREATE INDEX IF NOT EXISTS claimsByAge ON claims (at);
`

const claimsKeptFor = 24 * 3600 * 1000
const constraintViolated = 19 // SQLITE_CONSTRAINT, the low byte of its kinds

/** @param {import('node:sqlite').DatabaseSync} database */
export function openStore(database) {
  database.exec(schema)
  /** @type {Set<Listener>} */
  const listeners = new Set()
  const sql = {
    memorial: database.prepare('SELECT document FROM memorials WHERE id = ?'),
    memorials: database.prepare('SELECT document FROM memorials ORDER BY rowid'),
    addMemorial: database.prepare('INSERT INTO memorials (id, document) VALUES (?, ?)'),
    streamById: database.prepare('SELECT document, version FROM streams WHERE id = ?'),
    streamByInput: database.prepare('SELECT document, version FROM streams WHERE cloudflareInputId = ?'),
    streamsOf: database.prepare('SELECT document FROM streams WHERE memorialId = ?'),
    addStream: database.prepare('INSERT INTO streams (id, document) VALUES (?, ?)'),
    putStream: database.prepare('UPDATE streams SET document = ?, version = version + 1 WHERE id = ? AND version = ?'),
    claim: database.prepare('SELECT streamId, orderText FROM claims WHERE uid = ? AND key = ?'),
    addClaim: database.prepare('INSERT INTO claims (uid, key, streamId, orderText, at) VALUES (?, ?, ?, ?, ?)'),
    forgetClaims: database.prepare('DELETE FROM claims WHERE at < ?'),
    alive: database.prepare('SELECT 1'),
  }

  /** @param {string} memorialId */
  const tell = (memorialId) => listeners.forEach((listener) => listener({ memorialId }))

  /** @param {any} row */
  const versioned = (row) => (row ? { document: JSON.parse(row.document), version: String(row.version) } : null)

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
      tell(id)
    },

    /**
     * @param {{ by: 'id' | 'cloudflareInputId', is: string }} effect
     * @returns {Promise<Versioned | null>}
     */
    async FindStream({ by, is }) {
      return versioned((by === 'id' ? sql.streamById : sql.streamByInput).get(is))
    },

    /** @param {{ memorialId: string }} effect */
    async FindStreams({ memorialId }) {
      return sql.streamsOf.all(memorialId).map((row) => JSON.parse(String(row.document)))
    },

    /** @param {{ id: string, document: any }} effect */
    async SaveStream({ id, document }) {
      createOnly(() => sql.addStream.run(id, JSON.stringify(document)))
      tell(document.memorialId)
    },

    /**
     * Writes dotted fields (null takes a field away) into the document, if it is still at `version`.
     * @param {{ id: string, version: string, set: Record<string, unknown> }} effect
     */
    async UpdateStream({ id, version, set }) {
      const memorialId = transaction(database, () => {
        const found = versioned(sql.streamById.get(id))
        if (found?.version !== version) throw new PortError('conflict', 'the stream has changed since it was read')
        for (const [field, value] of Object.entries(set)) setField(found.document, field, value)
        sql.putStream.run(JSON.stringify(found.document), id, Number(version))
        return found.document.memorialId
      })
      tell(memorialId)
    },

    /**
     * Remembers a stream's id under a user's key; a key that is known keeps what it has.
     * @param {{ uid: string, key: string, streamId: string, order: string, now: string }} effect
     */
    async ClaimKey({ uid, key, streamId, order, now }) {
      const at = Date.parse(now)
      return transaction(database, () => {
        sql.forgetClaims.run(at - claimsKeptFor)
        const known = sql.claim.get(uid, key)
        if (known) return { streamId: String(known.streamId), sameOrder: known.orderText === order }
        sql.addClaim.run(uid, key, streamId, order, at)
        return { streamId, sameOrder: true }
      })
    },

    /**
     * Every change, from now on.
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
