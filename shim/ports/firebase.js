/** The connection to Firebase, loaded only where it is configured, and what its failures mean to us. */
import { PortError } from './port-error.js'

/**
 * With the credentials of the machine (GOOGLE_APPLICATION_CREDENTIALS, or those of Google's platforms); with an emulator,
 * with none.
 *
 * @param {{ projectId: string }} options
 */
export async function openFirebase({ projectId }) {
  const { initializeApp, applicationDefault, deleteApp } = await import('firebase-admin/app')
  const emulated = process.env.FIRESTORE_EMULATOR_HOST || process.env.FIREBASE_AUTH_EMULATOR_HOST
  const name = `vigil-${crypto.randomUUID()}` // several in one process do not share a connection
  const app = initializeApp({ projectId, ...(!emulated && { credential: applicationDefault() }) }, name)
  return { app, close: () => deleteApp(app) }
}

/** @typedef {import('firebase-admin/app').App} FirebaseApp */

// gRPC's status codes, as far as they say something about us.
const codes = /** @type {Record<number, string>} */ ({
  4: 'timeout', // DEADLINE_EXCEEDED
  5: 'conflict', // NOT_FOUND: what was to be changed is gone
  6: 'conflict', // ALREADY_EXISTS
  7: 'refused', // PERMISSION_DENIED
  8: 'rate-limited', // RESOURCE_EXHAUSTED
  9: 'conflict', // FAILED_PRECONDITION: changed since it was read
  10: 'conflict', // ABORTED: others kept changing it
  16: 'refused', // UNAUTHENTICATED
})

/**
 * Carries out `work` within a time a person waits.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @param {number} milliseconds
 * @param {string} what  whom we wait for
 * @returns {Promise<T>}
 */
export async function within(work, milliseconds, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const late = new Promise((_resolve, reject) => {
    const error = new PortError('timeout', `${what} did not answer within ${milliseconds} ms`)
    timer = setTimeout(() => reject(error), milliseconds)
  })
  try {
    return await /** @type {Promise<T>} */ (Promise.race([work(), late]))
  } finally {
    clearTimeout(timer)
  }
}

/** Firestore's error as ours. Its own words may quote documents, so they stay out. @param {any} error */
export function firestoreError(error) {
  if (error instanceof PortError) return error
  const number = typeof error?.code === 'number' ? error.code : -1
  return new PortError(codes[number] ?? 'unavailable', `Firestore failed with code ${number}`, { cause: error })
}
