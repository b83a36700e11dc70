// A stand-in for both client modules: the same two classes, but they do what a test says through window.fakeClient.

/**
 * @typedef {import('../../../web/types.js').PublisherState} PublisherState
 * @typedef {import('../../../web/types.js').PlayerState} PlayerState
 * @typedef {import('../../../web/types.js').PublicStream} PublicStream
 */

/** A quiet scene that moves: a room with candles, and a clock of frames to see that it is live. */
function scene() {
  const canvas = document.createElement('canvas')
  canvas.width = 1280
  canvas.height = 720
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  let frame = 0
  const draw = () => {
    frame++
    const wall = pen.createLinearGradient(0, 0, 0, 720)
    wall.addColorStop(0, '#4a4038')
    wall.addColorStop(0.7, '#8a7460')
    wall.addColorStop(0.71, '#3b2d24')
    wall.addColorStop(1, '#241b16')
    pen.fillStyle = wall
    pen.fillRect(0, 0, 1280, 720)
    for (const [x, height] of [
      [340, 150],
      [640, 210],
      [940, 150],
    ]) {
      const flicker = 4 * Math.sin((frame + x) / 5)
      const glow = pen.createRadialGradient(x, 470 - height, 4, x, 470 - height, 190 + 4 * flicker)
      glow.addColorStop(0, 'rgba(255, 226, 160, 0.85)')
      glow.addColorStop(1, 'rgba(255, 226, 160, 0)')
      pen.fillStyle = glow
      pen.fillRect(0, 0, 1280, 720)
      pen.fillStyle = '#efe6d6'
      pen.fillRect(x - 20, 500 - height, 40, height + 20)
      pen.fillStyle = '#fff3cf'
      pen.beginPath()
      pen.ellipse(x, 478 - height, 9, 22 + flicker, 0, 0, 7)
      pen.fill()
    }
  }
  draw()
  setInterval(draw, 50)
  return canvas.captureStream(20)
}

class Publisher {
  /** @param {(state: PublisherState) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange
    /** @type {string[]} */
    this.calls = []
    /** @type {PublisherState['devices']} */
    this.devices = {
      cameras: [
        { id: 'back', label: 'Back Camera' },
        { id: 'front', label: 'Front Camera' },
      ],
      microphones: [{ id: 'built-in', label: 'iPhone Microphone' }],
      camera: 'back',
      microphone: 'built-in',
      facing: 'environment',
      picture: 'camera',
      muted: false,
      cameraOff: false,
      canShareScreen: false,
      warnings: [],
    }
    fake.publishers.push(this)
  }

  /** @param {Partial<Omit<PublisherState, 'devices'> & {devices: Partial<PublisherState['devices']>}>} state */
  emit(state) {
    /** @type {PublisherState} */
    const whole = {
      phase: 'Idle',
      reason: '',
      sentence: '',
      stream: this.stream ?? null,
      attempt: 0,
      problem: null,
      ...state,
      devices: (this.devices = { ...this.devices, ...state.devices }),
    }
    this.stream = whole.stream
    this.last = whole
    this.onChange(whole)
  }

  preview() {
    this.calls.push('preview')
    if (!fake.scripted || this.stream) return // the real one says nothing of a preview that is there already
    this.emit({ phase: 'Capturing' })
    setTimeout(() => this.emit({ phase: 'Ready', stream: (fake.scene ??= scene()) }), 10)
  }

  /** @param {{ endpoint: string }} options */
  arm({ endpoint }) {
    this.calls.push(`arm ${endpoint}`)
  }

  /** @param {{speech: boolean, size: string}} choice */
  choose({ speech, size }) {
    this.chosen = `${speech ? 'speech' : 'music'} ${size}`
  }

  /** @param {(sound: {level: number, hold: number, silent: boolean}) => void} onSound */
  listen(onSound) {
    this.hear = onSound
    this.hear({ level: 0.62, hold: 0.78, silent: false })
  }

  /** @param {(report: object) => void} onReport */
  watch(onReport) {
    this.report = onReport
  }

  log() {
    return '0 Live\n'
  }

  /** @param {string} endpoint */
  start(endpoint) {
    this.calls.push(`start ${endpoint}`)
    if (!fake.scripted) return
    this.emit({ phase: 'Connecting' })
    setTimeout(() => this.emit({ phase: 'Live', stream: (fake.scene ??= scene()) }), 10)
  }

  stop() {
    this.calls.push('stop')
    if (!fake.scripted) return
    this.emit({ phase: 'Stopping' })
    setTimeout(() => this.emit({ phase: 'Idle', stream: null }), 10)
  }

  leave() {
    this.calls.push('leave')
  }

  /** Does what a wish for a device comes to. @param {string} call @param {Partial<PublisherState['devices']>} [change] */
  wish(call, change) {
    this.calls.push(call)
    if (fake.scripted) this.emit({ ...this.last, devices: { ...this.devices, ...change } })
  }

  setSlate() {}
  flip() {
    const front = this.devices.camera === 'back'
    this.wish('flip', { camera: front ? 'front' : 'back', facing: front ? 'user' : 'environment' })
  }
  /** @param {string} camera */
  useCamera = (camera) => this.wish(`useCamera ${camera}`, { camera })
  /** @param {string} microphone */
  useMicrophone = (microphone) => this.wish(`useMicrophone ${microphone}`, { microphone })
  /** @param {boolean} muted */
  mute = (muted) => this.wish(`mute ${muted}`, { muted })
  /** @param {boolean} cameraOff */
  cameraOff = (cameraOff) => this.wish(`cameraOff ${cameraOff}`, { cameraOff, picture: cameraOff ? 'slate' : 'camera' })
  /** @param {boolean} on */
  shareScreen = (on) => this.wish(`shareScreen ${on}`, { picture: on ? 'screen' : 'camera' })

  delete() {
    this.calls.push('delete')
  }
}

class Player {
  /** @param {(state: PlayerState) => void} onChange */
  constructor(onChange) {
    this.onChange = onChange
    /** @type {string[]} */
    this.calls = []
    // As the real one, it speaks only of what differs from where it began.
    this.shown = 'waiting'
    fake.players.push(this)
  }

  /** @param {Partial<PlayerState>} state */
  emit(state) {
    this.onChange({ mode: 'waiting', url: '', stream: null, ...state })
  }

  /** @param {PublicStream} view */
  show(view) {
    this.calls.push(`show ${view.phase}`)
    if (!fake.scripted || this.shown === view.phase) return
    this.shown = view.phase
    if (view.phase === 'recording') this.emit({ mode: 'recording', url: view.recordingUrl ?? '' })
    else if (view.phase !== 'live') this.emit({ mode: view.phase })
    else if (view.whepUrl) this.emit({ mode: 'whep', stream: (fake.scene ??= scene()) })
    else this.emit({ mode: 'hls', url: view.hlsUrl ?? '' })
  }

  /** @param {string} what */
  report(what) {
    this.calls.push(`report ${what}`)
  }

  delete() {
    this.calls.push('delete')
  }
}

const fake = {
  /** false: the classes only note what they were asked, and the test emits each state. */
  scripted: true,
  /** @type {MediaStream | null} */
  scene: null,
  /** What `readiness` was asked. @type {object[]} */
  equipment: [],
  /** @param {{measuring: boolean}} equipment */
  readiness: (equipment) => {
    fake.equipment.push(equipment)
    if (equipment.measuring) return { code: 'ready-measuring', sentence: 'One moment, we are checking the connection.' }
    return fake.verdict
  },
  verdict: { code: 'ready', sentence: 'Everything is ready.' },
  /** @type {Publisher[]} */
  publishers: [],
  /** @type {Player[]} */
  players: [],
}
Object.assign(window, { fakeClient: fake })

/** @param {{locateFile(name: string): string}} options */
export default async function factory({ locateFile }) {
  // As the real one does, so that the address of the WebAssembly file and the CSP are tested too.
  const answer = await fetch(locateFile('.wasm'))
  await WebAssembly.instantiate(await answer.arrayBuffer())
  return {
    /** @param {(state: PublisherState) => void} onChange */
    createPublisher: (onChange) => new Publisher(onChange),
    /** @param {(state: PlayerState) => void} onChange */
    createPlayer: (onChange) => new Player(onChange),
    readiness: fake.readiness,
  }
}
