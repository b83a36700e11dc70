// The memorial page where the browser refuses to play by itself.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { kPhone, openContext, until } from './browser.js'
import { aStream } from './fake-server.js'
import { makeMedia, playlist } from './media.js'
import { browser, button, fake, mediaFolder } from './suite.js'

before(() => makeMedia(mediaFolder))

describe('a browser that plays nothing, or no sound, before a tap', () => {
  /**
   * Chromium's own policy cannot serve here: each look of Playwright into a page counts as a gesture.
   *
   * @param {'sound' | 'everything'} refused
   */
  const openStrict = async (refused) => {
    fake.world.streams = [aStream({ phase: 'live', status: 'live', hlsUrl: '/media/live.m3u8' })]
    fake.world.files['/media/live.m3u8'] = () => playlist({ to: 4, ended: false })
    const { context, clean } = await openContext(browser, kPhone)
    await context.addInitScript((refused) => {
      let tapped = false
      addEventListener('pointerup', (event) => (tapped ||= event.isTrusted), true)
      const play = HTMLMediaElement.prototype.play
      HTMLMediaElement.prototype.play = function () {
        if (tapped || (this.muted && refused === 'sound')) return play.call(this)
        return Promise.reject(new DOMException('refused', 'NotAllowedError'))
      }
    }, refused)
    const phone = await context.newPage()
    await phone.goto(`${fake.url}/memorials/memorial-1`)
    return { phone, context, clean }
  }

  test('plays muted and offers a large button for the sound', async () => {
    const { phone, context, clean } = await openStrict('sound')
    const sound = button('Turn on sound', phone)
    await sound.waitFor()
    const muted = () => phone.locator('video').evaluate((video) => /** @type {HTMLVideoElement} */ (video).muted)
    assert.equal(await muted(), true)
    assert.ok(Number((await sound.boundingBox())?.height) >= 56)
    await sound.tap()
    assert.equal(await muted(), false)
    await button('mute', phone).waitFor()
    clean()
    await context.close()
  })

  test('where even that is refused, one tap starts it with sound', async () => {
    const { phone, context, clean } = await openStrict('everything')
    await button('Watch now', phone).tap()
    const playing = () =>
      phone.locator('video').evaluate((video) => {
        const { currentTime, muted } = /** @type {HTMLVideoElement} */ (video)
        return currentTime > 0.3 && !muted
      })
    await until('a moving picture with sound', playing)
    assert.equal(await button('Watch now', phone).isVisible(), false)
    clean()
    await context.close()
  })
})
