/** Secrets nobody needs to choose: made at the first start, kept in the data folder, readable by its owner alone. */
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'

const names = /** @type {const} */ (['mediaApiToken', 'webhookSecret', 'webhookAuthSecret', 'muxWebhookSecret'])

/** @typedef {Record<typeof names[number], string>} Secrets */

/**
 * @param {string | null} folder  null: nothing is kept, and what is not given is good for this process alone
 * @param {Partial<Secrets>} given  these count, where not empty
 * @returns {Secrets}
 */
export function loadSecrets(folder, given) {
  const file = folder && path.join(folder, 'secrets.json')
  const kept = file ? read(file) : {}
  const complete = names.every((name) => kept[name])
  for (const name of names) kept[name] ||= randomBytes(32).toString('hex')
  if (file && !complete) write(file, kept)
  const secrets = /** @type {Secrets} */ (kept)
  for (const name of names) secrets[name] = given[name] || secrets[name]
  return secrets
}

/** @param {string} file @returns {Partial<Secrets>} */
function read(file) {
  let text
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (/** @type {any} */ (error).code === 'ENOENT') return {}
    throw error
  }
  chmodSync(file, 0o600)
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${file} is damaged. Remove it; new secrets are made at the next start.`)
  }
}

/** A new file in one piece, even if the power goes now. @param {string} file @param {unknown} value */
function write(file, value) {
  const draft = `${file}.new`
  const handle = openSync(draft, 'w', 0o600)
  writeSync(handle, JSON.stringify(value))
  fsyncSync(handle)
  closeSync(handle)
  renameSync(draft, file)
}
