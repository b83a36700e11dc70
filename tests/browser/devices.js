/**
 * Cameras and microphones that a test plugs in and out. Runs in the page before its scripts: each camera gives one
 * colour that moves a little, each microphone one tone.
 *
 * @typedef {{ deviceId: string, kind: 'videoinput' | 'audioinput', label: string, gives: number }} Plugged
 *   `gives`: of a camera the hue in degrees, of a microphone the frequency in Hz
 */
export function pluggable() {
  const here = /** @type {any} */ (globalThis)
  const devices = navigator.mediaDevices
  /** @type {Plugged[]} */
  const plugged = [
    { deviceId: 'red', kind: 'videoinput', label: 'Red', gives: 0 },
    { deviceId: 'green', kind: 'videoinput', label: 'Green', gives: 120 },
    { deviceId: 'low', kind: 'audioinput', label: 'Low', gives: 440 },
    { deviceId: 'high', kind: 'audioinput', label: 'High', gives: 880 },
  ]
  /** @type {HTMLCanvasElement[]} */
  const canvases = []
  const world = {
    plugged,
    /** @type {Set<string>} what another app holds */
    busy: new Set(),
    /** @type {(MediaStreamTrack & { from?: string })[]} */
    tracks: [],
    black: false,
    asked: 0, // for the screen
    /** @param {string} id */
    live: (id) => world.tracks.filter((track) => track.from === id && track.readyState === 'live'),
    /** Its tracks end, and it is in the list no more. @param {string} id */
    unplug(id) {
      world.plugged = world.plugged.filter(({ deviceId }) => deviceId !== id)
      for (const track of world.live(id)) world.end(track)
      devices.dispatchEvent(new Event('devicechange'))
    },
    /** @param {string} id */
    plug(id) {
      world.plugged = plugged.filter(
        ({ deviceId }) => deviceId === id || world.plugged.some((d) => d.deviceId === deviceId),
      )
      devices.dispatchEvent(new Event('devicechange'))
    },
    /** The phone is turned: pictures are as high as they were wide. */
    turn() {
      for (const canvas of canvases) [canvas.width, canvas.height] = [canvas.height, canvas.width]
    },
    /** @param {MediaStreamTrack} track */
    end(track) {
      track.stop()
      track.dispatchEvent(new Event('ended'))
    },
  }
  here.world = world

  /** @param {number} hue */
  const picture = (hue) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 })
    canvases.push(canvas)
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
    let n = 0
    const timer = setInterval(() => {
      pen.fillStyle = world.black ? '#000' : `hsl(${hue} 100% ${n++ % 2 ? 50 : 48}%)`
      pen.fillRect(0, 0, canvas.width, canvas.height)
    }, 33)
    const [track] = canvas.captureStream(30).getVideoTracks()
    return Object.assign(track, { freeze: () => clearInterval(timer) })
  }
  /** @param {number} frequency */
  const sound = (frequency) => {
    here.audio ??= new AudioContext()
    const tone = new OscillatorNode(here.audio, { frequency })
    const out = here.audio.createMediaStreamDestination()
    tone.connect(new GainNode(here.audio, { gain: 0.2 })).connect(out)
    tone.start()
    return out.stream.getAudioTracks()[0]
  }
  /** @param {Plugged['kind']} kind @param {any} wish */
  const open = (kind, wish) => {
    const id = wish?.deviceId?.exact
    const device = world.plugged.find((each) => each.kind === kind && (!id || each.deviceId === id))
    if (!device) throw new DOMException('', id ? 'OverconstrainedError' : 'NotFoundError')
    if (world.busy.has(device.deviceId)) throw new DOMException('', 'NotReadableError')
    const track = Object.assign(kind === 'videoinput' ? picture(device.gives) : sound(device.gives), {
      from: device.deviceId,
    })
    const { getSettings } = track
    track.getSettings = () => ({ ...getSettings.call(track), deviceId: device.deviceId })
    world.tracks.push(track)
    return track
  }
  devices.enumerateDevices = async () => /** @type {any} */ (world.plugged.map((each) => ({ ...each, groupId: '' })))
  devices.getUserMedia = async ({ video, audio } = {}) =>
    new MediaStream([...(video ? [open('videoinput', video)] : []), ...(audio ? [open('audioinput', audio)] : [])])
  devices.getDisplayMedia = async () => {
    world.asked++
    if (world.busy.has('screen')) throw new DOMException('', 'NotAllowedError')
    const track = Object.assign(picture(240), { from: 'screen' })
    world.tracks.push(track)
    return new MediaStream([track])
  }
}

/** Shows in the page what the far end of its newest connection receives. */
export function showFar() {
  const here = /** @type {any} */ (globalThis)
  const video = document.querySelector('video') ?? document.body.appendChild(document.createElement('video'))
  const tracks = here.peers
    .at(-1)
    .getReceivers()
    .map((/** @type {RTCRtpReceiver} */ each) => each.track)
  video.srcObject = new MediaStream(tracks)
  return video.play()
}

/** What colour the far end sees now: 'red', 'green', 'blue' (a screen), 'black' or 'slate'. */
export function farColour() {
  const video = /** @type {HTMLVideoElement} */ (document.querySelector('video'))
  if (!video.videoWidth) return ''
  const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 16 })
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  pen.drawImage(video, 0, 0, 16, 16)
  const rgb = [...pen.getImageData(3, 3, 1, 1).data.slice(0, 3)]
  const most = Math.max(...rgb)
  if (most < 20) return 'black'
  if (most < 100) return 'slate'
  return ['red', 'green', 'blue'][rgb.indexOf(most)]
}
