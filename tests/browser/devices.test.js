// Cameras and microphones that come, go and fail while live: all in one WHIP session, seen and heard at the far end.
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { hear, launch, newPage } from '../harness/browser.js'
import { farColour, pluggable, showFar } from './devices.js'
import { Endpoint, until } from './endpoint.js'

/** @type {import('playwright-core').Browser} */
let browser
/** @type {Endpoint} */
let endpoint
/** @type {Awaited<ReturnType<typeof newPage>>} */
let open
const here = /** @type {any} */ (globalThis)

before(async () => {
  browser = await launch()
})
after(() => browser.close())
beforeEach(async () => {
  endpoint = await new Endpoint().listen()
  open = await newPage(browser)
  await open.context.addInitScript(pluggable)
  endpoint.page = open.page
  await open.page.goto(endpoint.origin)
  await open.page.waitForFunction(() => 'ready' in globalThis)
})
afterEach(async () => {
  await open.page.evaluate(() => here.publisher.leave())
  assert.deepEqual(await live(), [], 'everything is turned off at the end')
  assert.deepEqual(open.faults, [])
  await open.context.close()
  endpoint.close()
})

/** @returns {Promise<any>} */
const state = () =>
  open.page.evaluate(() => {
    return { ...here.states.at(-1), stream: null }
  })
/** @param {(devices: any) => boolean} holds @param {string} what */
const devices = (holds, what) => until(async () => holds((await state()).devices), what)
/** @param {...string} codes */
const warned = (...codes) =>
  devices(
    ({ warnings }) => warnings.map((/** @type {any} */ w) => w.code).join() === codes.join(),
    `warned of ${codes}`,
  )
/** @param {string} colour */
const seen = (colour) => until(async () => (await open.page.evaluate(farColour)) === colour, `${colour} at the far end`)
/** @param {number} hz */
const heard = (hz) =>
  until(async () => Math.abs((await hear(open.page.locator('video'))) - hz) < 20, `${hz} Hz at the far end`)
/** Which devices are on. @returns {Promise<string[]>} */
const live = () =>
  open.page.evaluate(() =>
    here.world.tracks.filter((/** @type {any} */ t) => t.readyState === 'live').map((/** @type {any} */ t) => t.from),
  )
/** @param {'plug' | 'unplug'} what @param {string} id */
const change = (what, id) => open.page.evaluate(([what, id]) => here.world[what](id), [what, id])
/** @param {string} method @param {unknown} [argument] */
const press = (method, argument) =>
  open.page.evaluate(([method, argument]) => here.publisher[/** @type {any} */ (method)](argument), [method, argument])

async function goLive() {
  await open.page.evaluate((to) => here.publish().start(to), endpoint.url)
  await until(async () => (await state()).phase === 'Live', 'Live')
  await open.page.evaluate(showFar)
  await seen('red')
}
/** The first session goes on, and no other one was asked for. */
async function sameSession() {
  assert.equal((await state()).phase, 'Live')
  assert.equal(endpoint.sent('POST').length, 1)
  assert.equal(endpoint.sent('DELETE').length, 0)
}

test('an unplugged camera: another one stands in, and the first is taken back when it returns', async () => {
  await goLive()
  await change('unplug', 'red')
  await seen('green')
  await warned('device-camera-other')
  assert.match((await state()).devices.warnings[0].sentence, /until it is back/)
  assert.deepEqual(
    (await state()).devices.cameras.map((/** @type {any} */ camera) => camera.label),
    ['Green'],
  )
  await change('plug', 'red')
  await seen('red')
  await warned()
  assert.deepEqual((await live()).sort(), ['low', 'red'])
  await sameSession()
})

test('without any camera the slate is sent and the sound goes on; without a microphone silence', async () => {
  await goLive()
  await change('unplug', 'green')
  await change('unplug', 'red')
  await seen('slate')
  await warned('device-camera-lost')
  await heard(440)
  await change('plug', 'red')
  await seen('red')
  await warned()

  await change('unplug', 'low')
  await warned('device-microphone-other')
  await heard(880)
  await change('unplug', 'high')
  await warned('device-microphone-lost')
  await until(async () => (await hear(open.page.locator('video'))) === 0, 'silence at the far end')
  const packets = () =>
    open.page.evaluate(async () => {
      for (const report of (await here.peers.at(-1).getStats()).values()) {
        if (report.type === 'inbound-rtp' && report.kind === 'audio') return report.packetsReceived
      }
    })
  const count = await packets()
  await until(async () => (await packets()) > count + 20, 'silence that is really sent')
  await change('plug', 'low')
  await heard(440)
  await warned()
  await sameSession()
})

test('a camera another app has taken is asked for again until it is given back', async () => {
  await change('unplug', 'green')
  await goLive()
  await open.page.evaluate(() => {
    here.world.busy.add('red')
    here.world.end(here.world.live('red')[0])
  })
  await seen('slate')
  await warned('device-camera-busy')
  await open.page.evaluate(() => here.world.busy.delete('red'))
  await seen('red')
  await warned()
  await sameSession()
})

test('a broken camera does not keep a service from being heard: live with the microphone alone', async () => {
  await open.page.evaluate(() => here.world.busy.add('red').add('green'))
  await open.page.evaluate((to) => here.publish().start(to), endpoint.url)
  await until(async () => (await state()).phase === 'Live', 'Live')
  await open.page.evaluate(showFar)
  await seen('slate')
  await heard(440)
  await warned('device-camera-busy')
  await sameSession()
})

test('another camera, another microphone, the other side, mute, camera off: all in the session there is', async () => {
  await goLive()
  await press('useCamera', 'green')
  await seen('green')
  assert.deepEqual((await live()).sort(), ['green', 'low'])
  await press('flip')
  await seen('red')
  await press('useMicrophone', 'high')
  await heard(880)
  assert.equal((await state()).devices.microphone, 'high')
  await press('mute', true)
  await until(async () => (await hear(open.page.locator('video'))) === 0, 'nothing to hear')
  assert.equal((await state()).devices.muted, true)
  await press('mute', false)
  await heard(880)
  await press('setSlate', 'One moment, please.')
  await press('cameraOff', true)
  await seen('slate')
  assert.deepEqual(await live(), ['high'], 'the camera is really off')
  assert.equal((await state()).devices.picture, 'slate')
  await press('cameraOff', false)
  await seen('red')

  await open.page.evaluate(() => here.world.busy.add('green'))
  await press('useCamera', 'green')
  await warned('device-camera-not-started')
  await seen('red')
  await sameSession()

  // What was chosen is remembered by the page.
  await open.page.evaluate(() => here.publisher.leave())
  await open.page.evaluate(() => here.publish().preview())
  await until(async () => (await state()).phase === 'Ready', 'a preview')
  assert.equal((await state()).devices.microphone, 'high')
})

test('the screen in place of the camera and back, by the person or by the browser', async () => {
  await goLive()
  await press('shareScreen', true)
  await seen('blue')
  assert.deepEqual((await live()).sort(), ['low', 'screen'])
  await press('shareScreen', false)
  await seen('red')
  await press('shareScreen', true)
  await seen('blue')
  await open.page.evaluate(() => here.world.end(here.world.live('screen')[0]))
  await seen('red')
  await open.page.evaluate(() => here.world.busy.add('screen'))
  await press('shareScreen', true)
  await until(() => open.page.evaluate(() => here.world.asked === 3), 'the question')
  await seen('red')
  await warned()
  await sameSession()
})

test('a call: paused tracks become the slate and come back, ended ones are opened again when the page is seen', async () => {
  await goLive()
  const tell = (/** @type {string} */ type) =>
    open.page.evaluate((type) => {
      for (const id of ['red', 'low']) here.world.live(id)[0].dispatchEvent(new Event(type))
    }, type)
  await tell('mute')
  await seen('slate')
  await warned('device-camera-paused', 'device-microphone-paused')
  await tell('unmute')
  await seen('red')
  await warned()

  await open.page.evaluate(() => {
    for (const id of ['red', 'low']) here.world.live(id)[0].stop() // no event tells of it
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await until(async () => (await live()).length === 2, 'both opened again')
  await seen('red')
  await heard(440)
  await warned()
  await sameSession()
})

test('a frozen picture is started again, and a black one is told', async () => {
  await goLive()
  await open.page.evaluate(() => void (here.world.black = true))
  await warned('device-camera-black')
  await seen('black')
  await open.page.evaluate(() => void (here.world.black = false))
  await warned()
  const first = await open.page.evaluate(() => here.world.tracks.length)
  await open.page.evaluate(() => here.world.live('red')[0].freeze())
  await until(() => open.page.evaluate((n) => here.world.tracks.length > n, first), 'the camera opened again')
  await seen('red')
  assert.deepEqual((await live()).sort(), ['low', 'red'])
  await sameSession()
})
