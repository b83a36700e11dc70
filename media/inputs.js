/** Live inputs: who may publish where. Each is one durable record; all are held in memory. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import path from 'node:path'
import { inTurn, openFolder, readJson, removeFile, writeJson } from './durable.js'

/**
 * @typedef {object} LiveInput
 * @property {string} uid 32 hex digits; public
 * @property {string} secret 32 hex digits; `${secret}k${uid}` is the key a publisher needs
 * @property {string} created ISO 8601
 * @property {string} modified
 * @property {Record<string, unknown>} meta
 * @property {string | null} defaultCreator
 * @property {boolean} enabled
 * @property {boolean} preferLowLatency
 * @property {number | null} deleteRecordingAfterDays
 * @property {{ mode: 'off' | 'automatic', timeoutSeconds: number, requireSignedURLs: boolean, allowedOrigins: string[],
 *   hideLiveViewerCount: boolean }} recording
 * @property {Status | null} status null = was never connected
 * @property {import('./output.js').Target[]} outputs
 * @property {string} [keysRotatedAt]
 * @property {import('./mux.js').MuxStream} [mux] it is a live stream of the Mux API, and unknown to Cloudflare's
 * @property {string} [relayKey] it is the shim's, and known only here, and only while it is used (relay.js)
 * @property {string} [idempotencyKey]
 * @property {string} [deleted] when; kept only so that its idempotency key is not used again
 *
 * @typedef {object} Status
 * @property {'connected' | 'disconnected'} state
 * @property {string} reason
 * @property {'webrtc' | 'rtmp'} ingestProtocol
 * @property {string} statusEnteredAt
 */

/** Equal in the same time whatever differs, lengths included. @param {string} a @param {string} b */
export const sameSecret = (a, b) =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())

const newSecret = () => randomBytes(16).toString('hex')

/** How long an Idempotency-Key is remembered. */
const keyLife = 6 * 3600 * 1000

export const uidPattern = /^[0-9a-f]{32}$/
export const keyPattern = /^([0-9a-f]{32})k([0-9a-f]{32})$/

/** A creation that repeats the key of an input since deleted. */
export class DeletedKey extends Error {}

export class Inputs {
  /** @type {Map<string, LiveInput>} */
  #inputs = new Map()
  /** @type {Map<string, Promise<LiveInput>>} by idempotency key, while being created */
  #creating = new Map()
  #inTurn = inTurn()

  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder
  }

  async open() {
    for (const name of await openFolder(this.folder)) {
      const input = await readJson(path.join(this.folder, name))
      if (!uidPattern.test(input?.uid) || !uidPattern.test(input.secret)) continue
      if (input.deleted && Date.now() - Date.parse(input.deleted) > keyLife) await removeFile(this.#file(input.uid))
      else this.#inputs.set(input.uid, { ...input, outputs: input.outputs ?? [] })
    }
  }

  /** @param {string} uid */
  get(uid) {
    const input = this.#inputs.get(uid)
    return input && !input.deleted ? input : undefined
  }

  all = () => [...this.#inputs.values()].filter((input) => !input.deleted)

  /**
   * The input whose key this is. Takes as long for a wrong secret as for a right one.
   * @param {string} key `${secret}k${uid}`
   */
  byKey(key) {
    const [, secret = '', uid = ''] = keyPattern.exec(key) ?? []
    const input = this.get(uid)
    return sameSecret(secret, input && !input.mux ? input.secret : '-') ? input : undefined
  }

  /** @param {string} key of a Mux live stream */
  byMuxKey(key) {
    let found
    for (const input of this.all()) if (input.mux && sameSecret(key, input.mux.streamKey)) found = input
    return found
  }

  /**
   * Repeating an idempotency key returns the input it made.
   * @param {Partial<LiveInput>} wanted
   * @param {string} [idempotencyKey]
   * @returns {Promise<LiveInput>}
   */
  async create(wanted, idempotencyKey) {
    if (!idempotencyKey) return this.#create(wanted)
    const pending = this.#creating.get(idempotencyKey)
    if (pending) return pending
    for (const input of this.#inputs.values()) {
      if (input.idempotencyKey !== idempotencyKey || Date.now() - Date.parse(input.created) > keyLife) continue
      if (input.deleted) throw new DeletedKey()
      return input
    }
    const creating = this.#create({ ...wanted, idempotencyKey })
    this.#creating.set(idempotencyKey, creating)
    return creating.finally(() => this.#creating.delete(idempotencyKey))
  }

  async #create(/** @type {Partial<LiveInput>} */ wanted) {
    const created = new Date().toISOString()
    const input = {
      ...newInput(),
      created,
      modified: created,
      ...wanted,
    }
    await this.#inTurn(() => writeJson(this.#file(input.uid), input))
    this.#inputs.set(input.uid, input)
    return input
  }

  /**
   * @param {LiveInput} input
   * @param {Partial<LiveInput>} change
   */
  async save(input, change) {
    Object.assign(input, change)
    await this.#inTurn(async () => {
      if (this.#inputs.has(input.uid)) await writeJson(this.#file(input.uid), input)
    })
  }

  /**
   * Whoever knows the keys of before can no longer publish.
   * @param {LiveInput} input
   */
  rotateKeys(input) {
    const now = new Date().toISOString()
    return this.save(input, { secret: newSecret(), keysRotatedAt: now, modified: now })
  }

  /** @param {LiveInput} input */
  async remove(input) {
    if (input.idempotencyKey) return this.save(input, { deleted: new Date().toISOString() })
    this.#inputs.delete(input.uid)
    await this.#inTurn(() => removeFile(this.#file(input.uid)))
  }

  #file = (/** @type {string} */ uid) => path.join(this.folder, `${uid}.json`)
}

/**
 * What an input is unless asked to be otherwise.
 * @returns {LiveInput}
 */
export const newInput = () => ({
  uid: newSecret(),
  secret: newSecret(),
  created: '',
  modified: '',
  meta: {},
  defaultCreator: null,
  enabled: true,
  preferLowLatency: false,
  deleteRecordingAfterDays: null,
  recording: noRecording,
  status: null,
  outputs: [],
})

/** @type {LiveInput['recording']} */
const noRecording = {
  mode: 'off',
  timeoutSeconds: 0,
  requireSignedURLs: false,
  allowedOrigins: [],
  hideLiveViewerCount: false,
}

/**
 * The settings in the body of a create or update request; those it leaves out keep their value.
 * @param {any} body
 * @param {Pick<LiveInput, 'recording'>} [before]
 * @returns {Partial<LiveInput> | string} or what is wrong, as JSON pointer and sentence
 */
export function readSettings(body, before = { recording: noRecording }) {
  const isObject = (/** @type {unknown} */ x) => typeof x === 'object' && x !== null && !Array.isArray(x)
  if (!isObject(body)) return 'The body must be a JSON object.'
  /** @type {string[]} */
  const faults = []
  const check = (/** @type {boolean} */ fine, /** @type {string} */ fault) => void (fine || faults.push(fault))
  /** @type {any} */
  const settings = {}
  for (const key of ['meta', 'defaultCreator', 'enabled', 'preferLowLatency', 'deleteRecordingAfterDays']) {
    if (body[key] !== undefined) settings[key] = body[key]
  }
  const { meta, defaultCreator, enabled, preferLowLatency, deleteRecordingAfterDays: days } = settings
  check(meta === undefined || isObject(meta), '/meta must be an object')
  check(
    defaultCreator === undefined || defaultCreator === null || typeof defaultCreator === 'string',
    '/defaultCreator must be a string',
  )
  check(enabled === undefined || typeof enabled === 'boolean', '/enabled must be true or false')
  check(
    preferLowLatency === undefined || typeof preferLowLatency === 'boolean',
    '/preferLowLatency must be true or false',
  )
  const daysFine = days === undefined || days === null || (Number.isInteger(days) && days >= 30 && days <= 1096)
  check(daysFine, '/deleteRecordingAfterDays must be a number of days from 30 to 1096')
  if (body.recording !== undefined) {
    check(isObject(body.recording), '/recording must be an object')
    const recording = { ...before.recording, ...(isObject(body.recording) ? body.recording : {}) }
    const { mode, timeoutSeconds, requireSignedURLs, allowedOrigins, hideLiveViewerCount } = recording
    check(['off', 'automatic'].includes(mode), "/recording/mode must be 'off' or 'automatic'")
    check(Number.isFinite(timeoutSeconds) && timeoutSeconds >= 0, '/recording/timeoutSeconds must be 0 or more seconds')
    check(typeof requireSignedURLs === 'boolean', '/recording/requireSignedURLs must be true or false')
    check(Array.isArray(allowedOrigins), '/recording/allowedOrigins must be a list')
    settings.recording = { mode, timeoutSeconds, requireSignedURLs, allowedOrigins, hideLiveViewerCount }
  }
  return faults.length ? faults.join('; ') : settings
}
