// What scripts/build-web.js leaves in the folder: complete, the same each time, and allowed by the strict policy.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { buildWeb } from '../../scripts/build-web.js'
import words from '../../web/words/en.js'
import es from '../../web/words/es.js'

const root = resolve(fileURLToPath(import.meta.url), '../../..')
const client = join(root, 'tests/web/fake-client')
let folder = ''
/** @type {Map<string, Buffer>} */
let built

/** @param {string} out */
async function readAll(out) {
  const entries = await readdir(out, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return new Map(
    await Promise.all(
      files
        .sort()
        .map(async (file) => /** @type {[string, Buffer]} */ ([file.slice(out.length + 1), await readFile(file)])),
    ),
  )
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-web-'))
  await buildWeb({ client, out: join(folder, 'one'), files: join(folder, 'one.json') })
  built = await readAll(join(folder, 'one'))
})
after(() => rm(folder, { recursive: true, force: true }))

const pages = () =>
  [...built].filter(([name]) => name.endsWith('.html')).map(([name, bytes]) => ({ name, html: String(bytes) }))

test('two builds are the same to the byte', async () => {
  await buildWeb({ client, out: join(folder, 'two'), files: join(folder, 'two.json') })
  assert.deepEqual(await readAll(join(folder, 'two')), built)
})

test('every text and wasm file has its brotli twin', () => {
  for (const [name, bytes] of built) {
    if (/\.(br|png)$/.test(name)) continue
    const twin = built.get(`${name}.br`)
    assert.ok(twin, name)
    assert.deepEqual(brotliDecompressSync(twin), bytes, name)
  }
})

test('pages hold no inline script or style, and name only files that are there', () => {
  assert.equal(pages().length, 7)
  for (const { name, html } of pages()) {
    assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|\{\{/, name)
    for (const [, url] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g))
      assert.ok(built.has(url.slice(1)), `${name}: ${url}`)
    assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//, `${name} names another host`)
  }
})

test('what an installed page needs is there: its icons, and the offline page with everything on it', () => {
  const { icons } = JSON.parse(String(built.get('site.webmanifest')))
  assert.deepEqual(
    icons.map((/** @type {any} */ { sizes, purpose = 'any' }) => `${sizes} ${purpose}`),
    ['any any', '512x512 any', '512x512 maskable'],
  )
  const worker = String(built.get('service-worker.js'))
  const kept = JSON.parse(worker.match(/JSON\.parse\('(.*?)'\)/)?.[1] ?? '[]')
  assert.equal(kept[0], '/offline')
  for (const url of [...icons.map((/** @type {any} */ { src }) => src), ...kept.slice(1)])
    assert.ok(built.has(url.slice(1)), url)
  const named = [...String(built.get('offline.html')).matchAll(/(?:src|stylesheet" href)="([^"]+)"/g)].map(
    ([, url]) => url,
  )
  assert.ok(named.length >= 2)
  for (const url of named) assert.ok(kept.includes(url), `${url} is not there when one is offline`)
})

test('scripts need no eval', () => {
  for (const [name, bytes] of built) {
    if (name.endsWith('.js')) assert.doesNotMatch(String(bytes), /\beval\(|\bnew Function\(/, name)
  }
})

test('hls.js and the modules of the client are in no page before they are needed', async () => {
  const files = JSON.parse(await readFile(join(folder, 'one.json'), 'utf8'))
  for (const [page, { first, later }] of Object.entries(files)) {
    assert.ok(!first.some((/** @type {string} */ file) => /hls|(publisher|player)-[A-Z0-9]{8}\./.test(file)), page)
    if (page === 'memorial.html') assert.ok(later.some((/** @type {string} */ file) => file.includes('/hls.light-')))
    if (page === 'manage.html') assert.ok(later.some((/** @type {string} */ file) => file.endsWith('.wasm')))
  }
})

test('every sentence is used somewhere', async () => {
  const sources = await readAll(join(root, 'web'))
  for (const file of ['en', 'es', 'es-said']) sources.delete(`words/${file}.js`)
  const text = [...sources.values()].join('\n')
  const unused = Object.keys(words).filter((key) => !text.includes(key) && !/^(status|live|player|quality)\./.test(key))
  assert.deepEqual(unused, [])
})

/** Codes no page shows to a person, and why not. */
const kNotSaid = /** @type {Record<string, string>} */ ({
  'not-json': 'the pages send JSON',
  'too-large': 'nothing they send is so large',
  'key-too-long': 'their keys are not',
  'too-many': 'answers an EventSource, which does not see it',
  'not-authentic': 'answers providers and the relay',
  malformed: 'answers providers',
  'media-timeout': 'answers WHIP, WHEP and HLS: what that means is said by the core',
  'media-unavailable': 'likewise',
  'not-built': 'stands where a page would be',
})

/** The codes of the sentences a person may be answered, by where they are written. */
async function codesOfSentences() {
  const texts = async (/** @type {string[]} */ paths) =>
    (await Promise.all(paths.map((path) => readFile(join(root, path), 'utf8')))).join('\n')
  const all = async (/** @type {string} */ folder, /** @type {RegExp} */ names) =>
    texts((await readdir(join(root, folder))).filter((name) => names.test(name)).map((name) => join(folder, name)))
  const streams = await all('wasm/streams', /\.[ch]pp$/)
  /** @type {[string, RegExp, number][]}  a source, what stands before a code there, and how many there are at least */
  const sources = [
    [await texts(['wasm/whip/reason.cpp']), /\{"([a-z-]+)",\s*"/g, 17],
    [await texts(['wasm/quality/verdict.cpp']), /\{"([a-z-]+)",\s*"/g, 5],
    [await texts(['wasm/quality/readiness.cpp']), /\{"([a-z-]+)",\s*"/g, 10],
    [await texts(['wasm/capture/warning.cpp']), /\{"([a-z-]+)",\s*"/g, 15],
    [streams, /\bSentence k\w+\{\s*"([a-z-]+)",/g, 9],
    [streams, /\{\s*[45]\d\d,\s*"([a-z-]+)",/g, 15],
    [streams, /\{"code", "([a-z-]+)"\}/g, 1],
    [await all('shim', /\.js$/), /\b(?:refuse|answer)\(\s*\w+,\s*\d+,\s*'([a-z-]+)'/g, 15],
  ]
  return sources.flatMap(([text, pattern, least]) => {
    const codes = [...text.matchAll(pattern)].map(([, code]) => code)
    assert.ok(codes.length >= least, `${pattern} finds only ${codes.join()}`)
    return codes
  })
}

test('every other language is complete: each sentence, with the same names to fill in, and what the core and the server say', async () => {
  const names = (/** @type {string} */ sentence) => (sentence.match(/\{\w+\}/g) ?? []).sort().join()
  const shape = (/** @type {Record<string, string>} */ all) =>
    Object.entries(all)
      .map(([key, sentence]) => `${key} ${names(sentence)}`)
      .sort()
  assert.deepEqual(shape(es.words), shape(words))
  const codes = new Set(await codesOfSentences())
  assert.deepEqual(
    Object.keys(kNotSaid).filter((code) => !codes.has(code)),
    [],
  )
  for (const code of Object.keys(kNotSaid)) codes.delete(code)
  assert.deepEqual(Object.keys(es.said).sort(), [...codes].sort())
})
