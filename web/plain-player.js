/** @typedef {import('./types.js').PlayerState} PlayerState */

const kAgainAfter = 3000 // ms
const kStalledFor = 30_000 // some browsers play HLS by themselves, and never say that they have given up

/**
 * In place of the core's Player where the browser runs no WebAssembly here: a tablet that is some years old still shows
 * the service, by HLS, and the recording. No WHEP; what breaks off is shown again for as long as it takes.
 */
class Player {
  /** @param {(state: PlayerState) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange
    this.last = ''
    this.timer = 0
  }

  /** @param {import('./types.js').PublicStream} view */
  show({ phase, hlsUrl = '', recordingUrl = '' }) {
    const url = phase === 'live' ? hlsUrl : phase === 'recording' ? recordingUrl : ''
    const mode = phase === 'live' ? (hlsUrl ? 'hls' : 'connecting') : phase
    if (this.last === mode + url) return
    this.last = mode + url
    this.delete()
    this.tell = () => this.onChange({ mode, url, stream: null })
    this.anew = () => {
      if (mode === 'hls') this.onChange({ mode: 'connecting', url: '', stream: null })
      this.tell()
    }
    this.tell()
  }

  tell() {}
  anew() {}

  /** @param {'playing' | 'stalled' | 'failed'} what */
  report(what) {
    if (what === 'stalled' && this.timer) return
    this.delete()
    if (what === 'playing') return
    this.timer = window.setTimeout(
      () => {
        this.timer = 0
        this.anew()
      },
      what === 'failed' ? kAgainAfter : kStalledFor,
    )
  }

  delete() {
    clearTimeout(this.timer)
    this.timer = 0
  }
}

/** @param {(state: PlayerState) => void} onChange */
export const createPlayer = (onChange) => new Player(onChange)
