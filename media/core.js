/** The C++ core as this process needs it: SDP of both roles, and what one publisher's packets become. */

/**
 * @typedef {object} Ingest one publisher's packets. Times are milliseconds of one monotone clock.
 * @property {(kind: string, bytes: Uint8Array, now: number) => number} packet 0 drop, 1 RTP, 2 sender report, 3 BYE
 * @property {(now: number) => { kind: string, bytes: Uint8Array }[]} feedback RTCP to send now
 * @property {() => void} requestKeyframe
 * @property {(now: number) => Item[]} media what a recorder gets, in order
 * @property {(now: number) => Item[]} end the last of it
 * @property {() => string} stats JSON
 * @property {() => void} delete
 *
 * @typedef {{ type: 'start', videoCodec: 'H264' | 'VP8' | '', audioCodec: 'OPUS' | '', width: number, height: number,
 *     bytes: Uint8Array } |
 *   { type: 'data', key: boolean, ms: number, bytes: Uint8Array } |
 *   { type: 'end' }} Item
 *
 * @typedef {{ kind: 'audio' | 'video', mid: string, payloadType: number, codec: 'H264' | 'VP8' | 'OPUS',
 *   clockRate: number, ssrc: number }} Media
 *
 * @typedef {object} Core
 * @property {(offer: string, options: string) => string} trimOffer
 * @property {(answer: string, options: string) => string} finishAnswer
 * @property {(fragment: string) => string} readFragment
 * @property {new (media: string) => Ingest} Ingest
 */

/** @type {Promise<Core> | undefined} */
let loading

/** @returns {Promise<Core>} */
export const loadCore = () =>
  (loading ??= import(new URL('../build/dist/server.mjs', import.meta.url).href).then((module) => module.default()))
