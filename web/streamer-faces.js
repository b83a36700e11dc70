/**
 * @typedef {import('./types.js').PublisherState} PublisherState
 * @typedef {import('./words.js').Key} Key
 */

/**
 * What the person sees in each phase of the session. `button` is the one large button: what it says, what it does.
 *
 * @typedef {{title: Key, hint?: Key, button: Key, does?: 'allow' | 'start' | 'ask' | 'again' | 'finish', busy?: boolean}} Face
 * @type {Record<PublisherState['phase'] | 'Opening' | 'Priming' | 'Ended', Face>}
 */
// prettier-ignore
export const kFaces = {
  Opening:    { title: 'live.opening',    hint: 'live.openingHint',    button: 'live.start' },
  Priming:    { title: 'live.prime',      hint: 'live.primeHint',      button: 'live.primeDo', does: 'allow' },
  Idle:       { title: 'live.ready',      hint: 'live.readyHint',      button: 'live.start', does: 'start' },
  Capturing:  { title: 'live.capturing',  hint: 'live.capturingHint',  button: 'live.start', busy: true },
  Ready:      { title: 'live.ready',      hint: 'live.readyHint',      button: 'live.start', does: 'start' },
  Offering:   { title: 'live.connecting', hint: 'live.connectingHint', button: 'live.connecting', busy: true },
  Posting:    { title: 'live.connecting', hint: 'live.connectingHint', button: 'live.connecting', busy: true },
  Connecting: { title: 'live.connecting', hint: 'live.connectingHint', button: 'live.connecting', busy: true },
  Live:       { title: 'live.live',                                    button: 'live.stop', does: 'ask' },
  Waiting:    { title: 'live.waiting',    hint: 'live.waitingHint',    button: 'live.stop', does: 'ask', busy: true },
  Stopping:   { title: 'live.stopping',                                button: 'live.stopping', busy: true },
  Ended:      { title: 'live.ended',      hint: 'live.endedHint',      button: 'live.done', does: 'finish' },
  Failed:     { title: 'live.failed',                                  button: 'live.again', does: 'again' },
}

/** @type {PublisherState['phase'][]} */
export const kWayBack = ['Capturing', 'Offering', 'Posting', 'Connecting']
