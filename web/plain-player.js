/** @typedef {import('./types.js').PlayerState} PlayerState */

/**
 * In place of the core's Player where the browser runs no WebAssembly here: a tablet that is some years old still shows
 * the service, by HLS, and the recording. No WHEP, no second attempt elsewhere.
 */
class Player {
  /** @param {(state: PlayerState) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange
    this.last = ''
  }

  /** @param {import('./types.js').PublicStream} view */
  show({ phase, hlsUrl = '', recordingUrl = '' }) {
    const url = phase === 'live' ? hlsUrl : phase === 'recording' ? recordingUrl : ''
    const mode = phase === 'live' ? (hlsUrl ? 'hls' : 'connecting') : phase
    if (this.last === mode + url) return
    this.last = mode + url
    this.onChange({ mode, url, stream: null })
  }

  report() {}

  delete() {}
}

/** @param {(state: PlayerState) => void} onChange */
export const createPlayer = (onChange) => new Player(onChange)
