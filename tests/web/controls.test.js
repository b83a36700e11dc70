// The player's controls, with real media: keys, full screen, picture in picture, captions, a change that is not seen.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { until } from './browser.js'
import { aStream } from './fake-server.js'
import { kSegment, makeMedia, playlist } from './media.js'
import { button, fake, goto, mediaFolder, opened, page } from './suite.js'

before(() => makeMedia(mediaFolder))

const player = () => page.locator('memorial-player')
const video = () => page.locator('video')
/** @template T @param {(video: HTMLVideoElement) => T} read */
const of = (read) =>
  video().evaluate(/** @type {(element: SVGElement | HTMLElement) => T} */ (/** @type {unknown} */ (read)))
const recorded = /** @type {const} */ ({ phase: 'recording', status: 'completed', recordingUrl: '/media/wide.mp4' })

describe('the controls of a recording', () => {
  test('are loaded only for it, and obey keys', async () => {
    fake.world.streams = [aStream()]
    await goto('/memorials/memorial-1')
    await page.getByText('The service has not begun yet').first().waitFor()
    assert.ok(!fake.requests.some(({ path }) => path.includes('player-controls')))

    fake.world.files['/media/recording.m3u8'] = () => playlist({ to: 4, ended: true })
    Object.assign(fake.world.streams[0], recorded, { recordingUrl: '/media/recording.m3u8' })
    fake.changed()
    await button('Watch the recording').focus()
    await page.keyboard.press('Enter')
    await until('it plays', async () => (await of((v) => v.currentTime)) > 0.2)
    await button('pause').waitFor()
    await until('the focus where the play button was', () =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.localName === 'media-play-button'),
    )
    await page.keyboard.press('k')
    await until('a pause', () => of((v) => v.paused))
    await page.keyboard.press('m')
    await until('no sound', () => of((v) => v.muted))
    await page.keyboard.press('ArrowRight')
    await until('ten seconds on: the end', async () => (await of((v) => v.duration - v.currentTime)) < 0.2)
    await page.keyboard.press('ArrowLeft')
    await until('back at the beginning', async () => (await of((v) => v.currentTime)) < 0.2)
    await page.keyboard.press('f')
    await until('full screen', () => page.evaluate(() => document.fullscreenElement?.localName === 'memorial-player'))
    await page.locator('media-fullscreen-button[mediaisfullscreen]').waitFor() // the controls hear of it a little later
    await page.keyboard.press('f')
    await until('no full screen', () => page.evaluate(() => !document.fullscreenElement))
    assert.ok(await page.getByRole('slider', { name: 'seek' }).isVisible())
    for (const absent of ['media-captions-button', 'media-airplay-button']) {
      assert.equal(await page.locator(absent).isVisible(), false, absent)
    }
    for (const control of await page.locator('media-control-bar.buttons [role=button]:visible').all()) {
      const { width, height } = /** @type {{width: number, height: number}} */ (await control.boundingBox())
      assert.ok(Math.min(width, height) >= 44, `${await control.getAttribute('aria-label')}: ${width} × ${height}`)
    }
    await button('enter picture in picture mode').click()
    await until('picture in picture', () =>
      page.evaluate(
        () => document.querySelector('memorial-player')?.shadowRoot?.pictureInPictureElement?.localName === 'video',
      ),
    )
    await button('exit picture in picture mode').click()
    await until('none', () => page.evaluate(() => !document.pictureInPictureElement))
    opened.clean()
  })

  test('a tap before the recording has come plays it when it has', async () => {
    /** @type {() => void} */
    let come = () => {}
    const held = new Promise((resolve) => (come = () => resolve(null)))
    // As Chromium does when the source comes at just that moment; at others it goes on by itself.
    await page.addInitScript(() => {
      const { play } = HTMLMediaElement.prototype
      HTMLMediaElement.prototype.play = function () {
        return this.src ? play.call(this) : Promise.reject(new DOMException('broken off', 'AbortError'))
      }
    })
    await page.route('**/media/late.m3u8', (route) => held.then(() => route.continue()))
    fake.world.files['/media/late.m3u8'] = () => playlist({ to: 4, ended: true })
    fake.world.streams = [aStream({ ...recorded, recordingUrl: '/media/late.m3u8' })]
    await goto('/memorials/memorial-1')
    await button('Watch the recording').click()
    come()
    await until('it plays', async () => (await of((v) => v.currentTime)) > 0.2)
    opened.clean()
  })

  test('captions that a recording brings along can be switched on', async () => {
    await writeFile(join(mediaFolder, 'words.vtt'), 'WEBVTT\n\n00:00.000 --> 00:08.000\nDearly beloved\n')
    fake.world.files['/media/words.m3u8'] = () =>
      '#EXTM3U\n#EXT-X-TARGETDURATION:8\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:8,\nwords.vtt\n#EXT-X-ENDLIST\n'
    fake.world.files['/media/wide-all.m3u8'] = () => playlist({ to: 4, ended: true })
    fake.world.files['/media/with-words.m3u8'] = () =>
      '#EXTM3U\n#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="w",NAME="English",LANGUAGE="en",URI="words.m3u8"\n' +
      '#EXT-X-STREAM-INF:BANDWIDTH=500000,RESOLUTION=640x360,CODECS="avc1.42c01e,mp4a.40.2",SUBTITLES="w"\nwide-all.m3u8\n'
    fake.world.streams = [aStream({ ...recorded, recordingUrl: '/media/with-words.m3u8' })]
    await goto('/memorials/memorial-1')
    await button('Watch the recording').click()
    await until('it plays', async () => (await of((v) => v.currentTime)) > 0.2)
    await page.locator('media-captions-button').click()
    await until('the words', () =>
      of((v) =>
        [...v.textTracks].some((track) => {
          const cue = /** @type {VTTCue | undefined} */ (track.activeCues?.[0])
          return track.mode === 'showing' && cue?.text === 'Dearly beloved'
        }),
      ),
    )
    opened.clean()
  })
})

describe('live', () => {
  test('from WHEP to HLS and back, the last picture stays until the next one moves', async () => {
    const began = Date.now()
    fake.world.files['/media/live.m3u8'] = () =>
      playlist({ to: Math.min(8, 4 + Math.floor((Date.now() - began) / 1000 / kSegment)), ended: false })
    fake.world.streams = [
      aStream({ phase: 'live', status: 'live', whepUrl: '/media/whep', hlsUrl: '/media/live.m3u8' }),
    ]
    await goto('/memorials/memorial-1')
    await page.locator('memorial-player[playing]').waitFor()
    await player().evaluate((element) => {
      const seen = /** @type {string[]} */ ([])
      Object.assign(window, { seen })
      const note = () => {
        const visible = (/** @type {string} */ name) => element.shadowRoot?.querySelector(name)?.checkVisibility()
        if (visible('.overlay')) seen.push('overlay')
        if (!visible('.live-badge')) seen.push('no badge')
        if (visible('.still')) seen.push('still')
      }
      new MutationObserver(note).observe(element, { attributes: true })
    })
    const seen = () => page.evaluate(() => [...new Set(/** @type {any} */ (window).seen)])
    /** @param {object} state */
    const change = (state) =>
      page.evaluate(
        (it) =>
          window.fakeClient.players[0].emit({ stream: it.mode === 'whep' ? window.fakeClient.scene : null, ...it }),
        /** @type {any} */ (state),
      )
    await change({ mode: 'hls', url: '/media/live.m3u8' })
    await page.locator('memorial-player[mode=hls][playing]:not([held])').waitFor()
    assert.deepEqual(await seen(), ['still'])
    await change({ mode: 'whep' })
    await page.locator('memorial-player[mode=whep][playing]:not([held])').waitFor()
    assert.deepEqual(await seen(), ['still'])
    opened.clean()
  })

  test('a picture that stands still is told, and that it moves again; HLS loads meanwhile', async () => {
    fake.world.files['/media/live.m3u8'] = () => playlist({ to: 4, ended: false })
    const hlsUrl = '/media/live.m3u8'
    fake.world.streams = [aStream({ phase: 'live', status: 'live', whepUrl: '/media/whep', hlsUrl })]
    await goto('/memorials/memorial-1')
    await page.locator('memorial-player[playing]').waitFor()
    /** @param {boolean} enabled */
    const pictures = (enabled) =>
      page.evaluate((it) => {
        const { fakeClient } = window
        fakeClient.track ??= fakeClient.scene.getVideoTracks()[0]
        const video = document.querySelector('memorial-player')?.shadowRoot?.querySelector('video')
        const stream = /** @type {MediaStream} */ (video?.srcObject)
        if (it) stream.addTrack(fakeClient.track)
        else stream.removeTrack(fakeClient.track)
      }, enabled)
    await pictures(false)
    await page.locator('memorial-player[stalled]').waitFor()
    await until('the first segment', () => fake.requests.some(({ path }) => path.endsWith('.m4s')))
    await pictures(true)
    await page.locator('memorial-player:not([stalled])').waitFor()
    const calls = await page.evaluate(() => window.fakeClient.players[0].calls)
    assert.deepEqual(calls.slice(-2), ['report stalled', 'report playing'])
  })

  test('someone who paused is not played to after a change of source', async () => {
    fake.world.files['/media/live.m3u8'] = () => playlist({ to: 4, ended: false })
    fake.world.streams = [aStream({ phase: 'live', status: 'live', whepUrl: '/media/whep' })]
    await goto('/memorials/memorial-1')
    await page.locator('memorial-player[playing]').waitFor()
    await button('pause').focus()
    await page.keyboard.press('Enter')
    await until('the pause', () => of((v) => v.paused))
    await page.evaluate(() => window.fakeClient.players[0].emit({ mode: 'hls', url: '/media/live.m3u8' }))
    await until('the other source', () => of((v) => v.readyState >= 2 && !v.srcObject))
    assert.equal(await of((v) => v.paused), true)
    await button('play').focus()
    await page.keyboard.press('Enter')
    await page.locator('memorial-player[playing]:not([held])').waitFor()
  })
})

describe('sharing', () => {
  /** @param {boolean} sheet  whether the device has a share sheet */
  const share = async (sheet) => {
    await page.addInitScript((it) => {
      const shared = /** @type {any[]} */ ([])
      Object.assign(window, { shared })
      const data = it ? async (/** @type {any} */ what) => void shared.push(what) : undefined
      Object.defineProperty(navigator, 'share', { value: data })
    }, sheet)
    fake.world.streams = [aStream()]
    await goto('/memorials/memorial-1')
    await button('Share').click()
  }

  test('by the device’s own sheet', async () => {
    await share(true)
    assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).shared), [
      { title: 'Edith Marlow · Vigil', url: `${fake.url}/memorials/memorial-1` },
    ])
  })

  test('where there is none, the address is shown and copied', async () => {
    await opened.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await share(false)
    await page.getByText('Copied', { exact: true }).waitFor()
    assert.equal(
      await page.getByLabel('Address of the memorial page', { exact: true }).inputValue(),
      `${fake.url}/memorials/memorial-1`,
    )
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${fake.url}/memorials/memorial-1`)
  })
})
