import { runsWebAssembly } from './load-module.js'

/**
 * What a browser lacks altogether to stream from this page, if anything. All else the Publisher finds out.
 *
 * @returns {{reason: string, sentence: import('./words.js').Key} | null}
 */
export function missingSupport() {
  if (!isSecureContext) return { reason: 'insecure-page', sentence: 'live.insecure' }
  if ('RTCPeerConnection' in window && navigator.mediaDevices && runsWebAssembly()) return null
  return { reason: 'unsupported-browser', sentence: 'live.unsupported' }
}

/**
 * Whether the browser is going to ask about the camera: then the person is told beforehand what it will ask, and why. Not
 * every browser says (Firefox before 131); there the question comes unannounced.
 */
export async function browserWillAsk() {
  const name = /** @type {PermissionName} */ ('camera')
  const status = await navigator.permissions?.query({ name }).catch(() => null)
  return status?.state === 'prompt'
}
