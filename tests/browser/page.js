// Loads the client's modules and keeps what their objects tell, for the tests beside this file.
const urls = ['/publisher.mjs', '/player.mjs']
const modules = await Promise.all(urls.map((url) => import(url)))
const publishers = await /** @type {typeof import('publisher-module')} */ (modules[0]).default()
const players = await /** @type {typeof import('player-module')} */ (modules[1]).default()
const client = {
  createPublisher: publishers.createPublisher,
  createPlayer: players.createPlayer,
  liveObjects: () => publishers.liveObjects() + players.liveObjects(),
}

Object.assign(globalThis, {
  client,
  here: globalThis,
  /** A Publisher, and the states it told. */
  publish() {
    /** @type {unknown[]} */
    const states = []
    const publisher = client.createPublisher((state) => void states.push(state))
    return Object.assign(globalThis, { publisher, states }).publisher
  },
  /** A Player, the states it told, and a moving picture with a tone for the far end to send. */
  play() {
    /** @type {unknown[]} */
    const states = []
    const player = client.createPlayer((state) => void states.push(state))
    const canvas = document.createElement('canvas')
    const pen = canvas.getContext('2d')
    let n = 0
    setInterval(() => pen?.fillRect(n++ % 300, 0, 9, 99), 33)
    const source = canvas.captureStream(30)
    const audio = new AudioContext()
    const tone = new OscillatorNode(audio)
    const out = audio.createMediaStreamDestination()
    tone.connect(out)
    tone.start()
    source.addTrack(out.stream.getAudioTracks()[0])
    return Object.assign(globalThis, { player, states, source }).player
  },
  ready: true,
})
