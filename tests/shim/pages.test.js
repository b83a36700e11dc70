/** Pages, their assets and the headers around everything. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { PortError } from '../../shim/ports/port-error.js'
import { createKit, createStream, origin } from './kit.js'

/** @type {import('./kit.js').Kit} */
let kit
/** @type {string} */
let folder

const script = 'export const answer = 42\n'.repeat(10)
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'vigil-web-'))
  const web = path.join(folder, 'web')
  mkdirSync(path.join(web, 'assets'), { recursive: true })
  for (const page of ['index', 'sign-in', 'memorial', 'manage', 'embed', 'not-found', 'offline']) {
    writeFileSync(
      path.join(web, `${page}.html`),
      `<title>${page}</title><h1>&nbsp;</h1><memorial-player></memorial-player>`,
    )
  }
  writeFileSync(path.join(web, 'assets/site-ABCDEFGH.js'), script)
  writeFileSync(path.join(web, 'assets/site-ABCDEFGH.js.br'), brotliCompressSync(script))
  writeFileSync(path.join(web, 'assets/core-QRSTUVW2.wasm'), 'wasm')
  writeFileSync(path.join(web, 'assets/.hidden'), 'no')
  writeFileSync(path.join(web, 'style-hashes.json'), `["'sha256-abc='"]`)
  writeFileSync(path.join(folder, 'secret.txt'), 'no')
  kit = await createKit({ webFolder: web })
})
after(async () => {
  await kit.close()
  rmSync(folder, { recursive: true })
})

test('each address has its page; what is not there is told with its status', async () => {
  const rows = /** @type {[string, number, string][]} */ ([
    ['/', 200, 'index'],
    ['/sign-in', 200, 'sign-in'],
    ['/offline', 200, 'offline'],
    ['/memorials/m1', 200, 'A. Example · memorial'],
    ['/memorials/m1/manage', 200, 'manage'],
    ['/embed/m1', 200, 'A. Example · embed'],
    ['/memorials/m9', 404, 'memorial'],
    ['/memorials/m9/manage', 404, 'manage'],
    ['/nothing', 404, 'not-found'],
    ['/index.html', 404, 'not-found'],
    ['/memorials', 404, 'not-found'],
  ])
  for (const [url, status, title] of rows) {
    const answer = await kit.get(url)
    assert.equal(answer.status, status, url)
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(answer.headers.get('cache-control'), 'no-cache')
    assert.match(await answer.text(), new RegExp(`^<title>${title}</title>`), url)
  }
})

test('a memorial’s page comes with its name and its public view, so that nothing has to be asked first', async () => {
  const name = `</title><b>"Anna" & 'Bert' $& $1</b>`
  const { memorial } = await (await kit.post('/api/memorials', { name }, 'admin')).json()
  const url = `/memorials/${memorial.id}`
  const html = await (await kit.get(url)).text()
  const safe = `&lt;/title&gt;&lt;b&gt;&quot;Anna&quot; &amp; 'Bert' $&amp; $1&lt;/b&gt;`
  for (const part of [
    `<title>${safe} · memorial</title>`,
    `<h1>${safe}</h1>`,
    `property="og:title" content="${safe}"`,
  ]) {
    assert.ok(html.includes(part), `${part} in ${html}`)
  }
  const view = html.match(/<memorial-player view="([^"]*)"><\/memorial-player>/)?.[1] ?? ''
  const characters = /** @type {Record<string, string>} */ ({ amp: '&', lt: '<', gt: '>', quot: '"' })
  assert.deepEqual(
    JSON.parse(view.replace(/&(\w+);/g, (_, name) => characters[name])),
    await (await kit.get(`/api/memorials/${memorial.id}`)).json(),
  )
  const packed = await kit.get(url, 'nobody', { 'accept-encoding': 'br' })
  assert.equal(String(brotliDecompressSync(Buffer.from(await packed.arrayBuffer()))), html)
  const etag = String(packed.headers.get('etag'))
  assert.equal((await kit.get(url, 'nobody', { 'if-none-match': etag })).status, 304)
  await kit.post('/api/streams/create-whip', { memorialId: memorial.id, title: 'Service' }, 'admin')
  assert.equal((await kit.get(url, 'nobody', { 'if-none-match': etag })).status, 200)
})

test('while the store cannot be asked the page comes all the same, and asks again by itself', async () => {
  const other = await createKit({ webFolder: path.join(folder, 'web') })
  other.effects.FindMemorial = () => Promise.reject(new PortError('unavailable', 'the store is away'))
  const answer = await other.get('/memorials/m1')
  assert.equal(answer.status, 200)
  assert.match(await answer.text(), /^<title>memorial<\/title>/)
  await other.close()
})

test('where people sign in on a page of somebody else, ours leads there', async () => {
  const signInUrl = 'https://memorial.example.org/login'
  const other = await createKit({ webFolder: path.join(folder, 'web'), signInUrl })
  const answer = await other.get('/sign-in')
  assert.deepEqual([answer.status, answer.headers.get('location')], [302, signInUrl])
  await other.close()
})

test('a page that is known already is not sent again', async () => {
  const first = await kit.get('/')
  const etag = String(first.headers.get('etag'))
  for (const tag of [etag, `W/${etag}`, `"x", ${etag}`]) {
    const again = await kit.get('/', 'nobody', { 'if-none-match': tag })
    assert.equal(again.status, 304)
    assert.equal(await again.text(), '')
  }
  assert.equal((await kit.get('/', 'nobody', { 'if-none-match': '"x"' })).status, 200)
})

test('assets with a hash in their name may be kept for ever, and come compressed where that is understood', async () => {
  const url = '/assets/site-ABCDEFGH.js'
  const plain = await kit.get(url)
  assert.equal(plain.headers.get('cache-control'), 'public, max-age=31536000, immutable')
  assert.equal(plain.headers.get('content-type'), 'text/javascript; charset=utf-8')
  assert.equal(plain.headers.get('content-encoding'), null)
  assert.equal(plain.headers.get('vary'), 'accept-encoding')
  assert.equal(await plain.text(), script)

  const small = await kit.get(url, 'nobody', { 'accept-encoding': 'gzip, deflate, br;q=0.9, zstd' })
  assert.equal(small.headers.get('content-encoding'), 'br')
  assert.equal(brotliDecompressSync(Buffer.from(await small.arrayBuffer())).toString(), script)
  for (const coding of ['br;q=0', 'gzip', 'brotli']) {
    assert.equal((await kit.get(url, 'nobody', { 'accept-encoding': coding })).headers.get('content-encoding'), null)
  }
  assert.equal((await kit.get('/assets/core-QRSTUVW2.wasm')).headers.get('content-type'), 'application/wasm')
})

test('HEAD answers like GET, without the body', async () => {
  const head = await kit.app.request(`${origin}/assets/site-ABCDEFGH.js`, { method: 'HEAD' })
  assert.equal(head.status, 200)
  assert.equal(head.headers.get('content-length'), String(script.length))
  assert.equal(await head.text(), '')
})

test('nothing outside the folder, and nothing hidden in it, can be reached', async () => {
  for (const url of [
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/.hidden',
    '/assets/site-ABCDEFGH.js.br',
    '/assets/%00',
    '/assets/%',
    '/assets/',
    '//secret.txt',
  ]) {
    const answer = await kit.app.request(new Request(origin + url))
    assert.equal(answer.status, 404, url)
    assert.notEqual(await answer.text(), 'no')
  }
})

test('every answer carries the headers that keep a browser safe', async () => {
  await createStream(kit)
  for (const url of ['/', '/nothing', '/assets/site-ABCDEFGH.js', '/api/memorials/m1', '/api/memorials', '/healthz']) {
    const { headers } = await kit.get(url)
    assert.equal(
      headers.get('content-security-policy'),
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
        "media-src 'self' blob: data:; connect-src 'self'; frame-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; " +
        "form-action 'self'; frame-ancestors 'self'",
      url,
    )
    assert.equal(headers.get('permissions-policy'), 'camera=(self), microphone=(self), display-capture=(self)')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('strict-transport-security'), null)
  }
})

test('the player may be put on any page: what it needs is for everybody, everything else for our own pages', async () => {
  for (const url of ['/api/memorials/m1', '/api/memorials/nobody', '/assets/site-ABCDEFGH.js']) {
    const { headers } = await kit.get(url, 'nobody', { origin: 'https://www.example.org' })
    assert.equal(headers.get('access-control-allow-origin'), '*', url)
    assert.equal(headers.get('access-control-allow-credentials'), null, url)
  }
  for (const url of ['/api/memorials/m1/streams', '/api/memorials', '/api/session', '/api/streams/s1', '/']) {
    const { headers } = await kit.get(url, 'owner', { origin: 'https://www.example.org' })
    assert.equal(headers.get('access-control-allow-origin'), null, url)
  }
})

test('who may show the player in a frame is a setting; no other page is shown in one', async () => {
  const other = await createKit({ webFolder: path.join(folder, 'web'), frameAncestors: 'https://www.example.org' })
  const policy = async (/** @type {string} */ url) =>
    String((await other.get(url)).headers.get('content-security-policy'))
      .split('; ')
      .at(-1)
  assert.equal(await policy('/embed/m1'), "frame-ancestors 'self' https://www.example.org")
  for (const url of ['/', '/memorials/m1', '/memorials/m1/manage']) {
    assert.equal(await policy(url), "frame-ancestors 'self'", url)
  }
  // The styles of the player's shadow root are known by their hashes, where there is a player.
  const styles = async (/** @type {string} */ url) =>
    (await other.get(url)).headers.get('content-security-policy')?.match(/style-src ([^;]*);/)?.[1]
  assert.equal(await styles('/embed/m1'), "'self' 'sha256-abc='")
  assert.equal(await styles('/memorials/m1'), "'self' 'sha256-abc='")
  assert.equal(await styles('/'), "'self'")
  await other.close()
})

test('under https browsers are told to stay there; media from elsewhere is let in by name', async () => {
  const other = await createKit({
    publicUrl: 'https://memorial.example.org',
    mediaOrigins: ['https://media.example.org'],
  })
  const { headers } = await other.get('/healthz')
  assert.equal(headers.get('strict-transport-security'), 'max-age=31536000')
  assert.match(String(headers.get('content-security-policy')), /connect-src 'self' https:\/\/media\.example\.org;/)
  await other.close()
})

test('before the pages are built, a sentence says so', async () => {
  const unbuilt = await createKit()
  const answer = await unbuilt.get('/')
  assert.equal(answer.status, 503)
  assert.match((await answer.json()).error.what, /Run "make build" first\.$/)
  assert.equal((await unbuilt.get('/nothing')).status, 404)
  await unbuilt.close()
})

test('the public view is not sent again while it is the same', async () => {
  const first = await kit.get('/api/memorials/m1')
  assert.equal(first.headers.get('cache-control'), 'no-cache')
  const etag = String(first.headers.get('etag'))
  assert.equal((await kit.get('/api/memorials/m1', 'nobody', { 'if-none-match': etag })).status, 304)
  await createStream(kit)
  assert.equal((await kit.get('/api/memorials/m1', 'nobody', { 'if-none-match': etag })).status, 200)
})

test('ready means that the store and the media server are', async () => {
  assert.deepEqual(await (await kit.get('/readyz')).json(), { store: true, media: true })
  kit.media.fault = (_, response) => Boolean(response.writeHead(500).end())
  const answer = await kit.get('/readyz')
  assert.equal(answer.status, 503)
  assert.deepEqual(await answer.json(), { store: true, media: false })
  assert.equal((await kit.get('/healthz')).status, 200)
  kit.media.fault = null
})

test('however many ask whether we are ready, what we depend on is asked once', async () => {
  const before = kit.media.requests.length
  const answers = await Promise.all(Array.from({ length: 20 }, () => kit.get('/readyz')))
  assert.ok(answers.every(({ status }) => status === 200))
  assert.ok(kit.media.requests.length - before < 20, `${kit.media.requests.length - before}`)
})

test('a funeral home’s colour is on every page, by a stylesheet that never changes under its name', async () => {
  const branded = await createKit({ webFolder: path.join(folder, 'branded'), accentColor: '#7a1f3d' })
  mkdirSync(path.join(folder, 'branded'))
  writeFileSync(path.join(folder, 'branded/index.html'), '<head><title>index</title></head>')
  const page = await (await branded.get('/')).text()
  const link = page.match(/<link rel="stylesheet" href="(\/assets\/brand-[A-Z0-9]{8}\.css)" \/><\/head>/)?.[1]
  assert.ok(link, page)
  const style = await branded.get(link)
  assert.equal(style.headers.get('content-type'), 'text/css; charset=utf-8')
  assert.match(String(style.headers.get('cache-control')), /immutable/)
  assert.match(await style.text(), /--accent:#7a1f3d/)
  const packed = await branded.get('/', 'nobody', { 'accept-encoding': 'br' })
  assert.equal(String(brotliDecompressSync(Buffer.from(await packed.arrayBuffer()))), page)
  await branded.close()
})
