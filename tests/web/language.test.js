// A browser that prefers Spanish.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kPhone, openContext } from './browser.js'
import { aStream } from './fake-server.js'
import { browser, fake } from './suite.js'

test('a page speaks the first of the browser’s languages that it knows', async () => {
  const { context, clean } = await openContext(browser, { ...kPhone, locale: 'es-MX' })
  const page = await context.newPage()
  await page.goto(`${fake.url}/memorials/memorial-1/manage`)
  await page.getByRole('button', { name: 'Crear transmisión' }).first().waitFor()
  assert.equal(await page.locator('html').getAttribute('lang'), 'es')
  await page.getByRole('link', { name: 'Ir al contenido' }).waitFor({ state: 'attached' })

  fake.world.streams = [aStream({})]
  await page.goto(`${fake.url}/memorials/memorial-1`)
  await page.getByText('La ceremonia todavía no ha comenzado').first().waitFor()
  clean()
  await context.close()
})

test('the words of another language are loaded only where they are spoken; without them a page speaks English', async () => {
  for (const { locale, refused, lang, asked } of [
    { locale: 'en-GB', refused: false, lang: 'en', asked: 0 },
    { locale: 'fr', refused: false, lang: 'en', asked: 0 },
    { locale: 'es', refused: false, lang: 'es', asked: 1 },
    { locale: 'es', refused: true, lang: 'en', asked: 1 },
  ]) {
    const { context } = await openContext(browser, { ...kPhone, locale })
    const page = await context.newPage()
    let requests = 0
    await page.route('**/assets/es-*.js', (route) => {
      requests++
      return refused ? route.abort() : route.fallback()
    })
    await page.goto(`${fake.url}/memorials/memorial-1/manage`)
    const create = lang === 'es' ? 'Crear transmisión' : 'Create Stream'
    await page.getByRole('button', { name: create }).first().waitFor()
    assert.deepEqual([await page.locator('html').getAttribute('lang'), requests], [lang, asked], locale)
    await context.close()
  }
})

test('a sentence of the core or the server is said in that language too', async () => {
  const { context } = await openContext(browser, { ...kPhone, locale: 'es' })
  const page = await context.newPage()
  fake.world.streams = [aStream({})]
  const error = { code: 'store-unavailable', what: 'We could not reach our records just now.' }
  fake.world.answers['GET /api/streams/stream-1'] = { status: 503, body: { success: false, error } }
  await page.goto(`${fake.url}/memorials/memorial-1/manage`)
  await page.getByRole('button', { name: 'Transmitir', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: 'No hemos podido acceder a nuestros registros.' }).waitFor()
  await page.evaluate(() => {
    const publisher = window.fakeClient.publishers[0]
    publisher.emit({ phase: 'Failed', reason: 'no-camera', sentence: 'No camera was found.' })
  })
  await page.getByRole('alert').filter({ hasText: 'No se ha encontrado una cámara' }).waitFor()

  const reason = { reason: 'Mux made no recording of this broadcast.', reasonCode: 'none-made-by-mux' }
  fake.world.streams = [aStream({ phase: 'none', status: 'completed', ...reason })]
  const stream = fake.world.streams[0]
  const warnings = [{ where: '', code: 'backup-pending', what: 'The Mux backup recording is prepared.' }]
  fake.world.answers['POST /api/streams/stream-1/check'] = { status: 200, body: { success: true, stream, warnings } }
  await page.goto(`${fake.url}/memorials/memorial-1/manage`)
  await page.getByText('Mux no hizo ninguna grabación').waitFor()
  await page.getByRole('button', { name: 'Mirar de nuevo' }).click()
  await page.getByRole('alert').filter({ hasText: 'La copia en Mux está preparada' }).waitFor()
  await context.close()
})

test('a date is in the language of the page, written as where the reader is at home', async () => {
  for (const [locale, date] of [
    ['en-GB', '20 Nov 2026, 10:00'],
    ['en-US', 'Nov 20, 2026, 10:00 AM'],
    ['fr-FR', 'Nov 20, 2026, 10:00 AM'],
    ['es-MX', '20 nov 2026, 10:00'],
  ]) {
    const { context } = await openContext(browser, { ...kPhone, locale, timezoneId: 'UTC' })
    const page = await context.newPage()
    fake.world.streams = [aStream({ scheduledAt: '2026-11-20T10:00:00Z' })]
    await page.goto(`${fake.url}/memorials/memorial-1`)
    const hint = page.locator('memorial-player .hint')
    await hint.filter({ hasText: '2026' }).waitFor()
    const text = String(await hint.textContent()).replace(/\s/g, ' ')
    assert.ok(text.includes(date), `${locale}: ${text}`)
    await context.close()
  }
})
