import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { localUrl, readConfig } from '../../shim/config.js'
import { loadSecrets } from '../../shim/secrets.js'

test('without any setting everything has a default', () => {
  const { config, problems } = readConfig({})
  assert.deepEqual(problems, [])
  assert.equal(config.host, '127.0.0.1')
  assert.equal(config.port, 8080)
  assert.equal(config.dataFolder, path.resolve('data'))
  assert.ok(Object.isFrozen(config))
})

test('the pages that may show the player in a frame', () => {
  const of = (/** @type {string | undefined} */ value) => readConfig({ FRAME_ANCESTORS: value }).config.frameAncestors
  assert.equal(of(undefined), '*')
  assert.equal(of('self'), "'self'")
  assert.equal(of('none'), "'none'")
  assert.equal(
    of('https://www.example.org https://*.example.com:8443'),
    'https://www.example.org https://*.example.com:8443',
  )
})

test('what is wrong is told in sentences, all of it at once', () => {
  const { problems } = readConfig({
    PORT: 'eighty',
    PUBLIC_URL: 'https://memorial.example.org/vigil',
    MEDIA_PUBLIC_URL: 'media.example.org',
    TRUST_PROXY: 'yes',
    FRAME_ANCESTORS: 'www.example.org; script-src *',
    WEBHOOK_SECRET: 'short',
    MEDIA_URL: 'http://127.0.0.1:8081',
    WEBHOOK_AUTH_SECRET: 'long enough for a secret',
  })
  assert.deepEqual(problems, [
    'PORT must be a port number between 0 and 65535, not "eighty".',
    'PUBLIC_URL must be an address without a path, not "https://memorial.example.org/vigil".',
    'TRUST_PROXY must be 1 or 0, not "yes".',
    'FRAME_ANCESTORS must be *, self, none, or addresses such as https://www.example.org with spaces between them, not "www.example.org; script-src *".',
    'MEDIA_PUBLIC_URL must be an address such as https://memorial.example.org, not "media.example.org".',
    'WEBHOOK_SECRET is too short to be a secret: at least 16 characters.',
    'MEDIA_API_TOKEN is missing: with MEDIA_URL set, it must be the one that media server has.',
    'MUX_WEBHOOK_SECRET is missing: with MEDIA_URL set, it must be the one that media server has.',
  ])
  assert.equal(readConfig({ PORT: '65536' }).problems.length, 1)
})

const key = 'a-secret-of-some-length'
const cloudflare = {
  CLOUDFLARE_ACCOUNT_ID: 'acc',
  CLOUDFLARE_API_TOKEN: 'token',
  CLOUDFLARE_WEBHOOK_SECRET: key,
  CLOUDFLARE_WEBHOOK_AUTH: `${key}-2`,
}
const mux = { MUX_TOKEN_ID: 'id', MUX_TOKEN_SECRET: 'secret', MUX_WEBHOOK_SECRET: key }
const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://memorial.example.org' }

test('a provider is used with all of its settings or not at all', () => {
  const nothing = readConfig({}).config
  assert.deepEqual([nothing.cloudflare, nothing.mux, nothing.firebase], [null, null, null])
  for (const [name, all] of /** @type {[string, Record<string, string>][]} */ ([
    ['cloudflare', cloudflare],
    ['mux', mux],
  ])) {
    assert.deepEqual(readConfig(all).problems, [], name)
    const [first] = Object.keys(all)
    const { problems } = readConfig({ [first]: 'x' })
    const missing = Object.keys(all).slice(1)
    assert.deepEqual(
      problems.map((problem) => problem.split(' is missing:')[0]),
      missing,
    )
  }
  const { config } = readConfig({ ...cloudflare, ...mux, WEBHOOK_SECRET: 'of-our-own-media-server' })
  assert.deepEqual(config.cloudflare, {
    account: 'acc',
    token: 'token',
    baseUrl: 'https://api.cloudflare.com/client/v4',
  })
  assert.equal(config.webhookSecret, key, "Cloudflare's counts")
  assert.deepEqual(config.mux, {
    tokenId: 'id',
    tokenSecret: 'secret',
    baseUrl: 'https://api.mux.com',
    ingestUrl: 'rtmps://global-live.mux.com:443/app',
  })
})

test('what cannot work, or must not be in production, is refused', () => {
  const rows = /** @type {[Record<string, string>, RegExp | null][]} */ ([
    [production, null],
    [{ ...production, ...cloudflare, ...mux, FIREBASE_PROJECT_ID: 'p' }, null],
    [{ INGEST: 'direct', ...cloudflare }, null],
    [{ FIREBASE_AUTH_EMULATOR_HOST: 'localhost:9099' }, null],
    [{ INGEST: 'direct' }, /^INGEST=direct needs Cloudflare Stream/],
    [{ INGEST: 'whip' }, /^INGEST must be relay or direct, not "whip"\.$/],
    [{ DRAIN_SECONDS: 'soon' }, /^DRAIN_SECONDS must be a number of seconds below 1000, not "soon"\.$/],
    [{ FIREBASE_PROJECT_ID: 'p', GOOGLE_APPLICATION_CREDENTIALS: '/none' }, /^GOOGLE_APPLICATION_CREDENTIALS names/],
    [{ NODE_ENV: 'production' }, /^PUBLIC_URL is missing/],
    [{ ...production, PUBLIC_URL: 'http://memorial.example.org' }, /^PUBLIC_URL must begin with https/],
    [{ ...production, FIREBASE_AUTH_EMULATOR_HOST: 'localhost:9099' }, /^FIREBASE_AUTH_EMULATOR_HOST must not be set/],
    [{ ...production, FIRESTORE_EMULATOR_HOST: 'localhost:8080' }, /^FIRESTORE_EMULATOR_HOST must not be set/],
    [{ ...production, FAULTS: '1' }, /^FAULTS must not be set/],
    [{ ...production, SIGN_IN_URL: 'https://memorial.example.org/login' }, /^SIGN_IN_URL needs Firebase/],
    [{ ...production, FIREBASE_PROJECT_ID: 'p', SIGN_IN_URL: 'https://memorial.example.org/login' }, null],
  ])
  for (const [env, expected] of rows) {
    const { problems } = readConfig(env)
    const about = JSON.stringify(env)
    assert.equal(problems.length, expected ? 1 : 0, `${about}: ${problems.join(' ')}`)
    if (expected) assert.match(problems[0], expected, about)
  }
})

test('the guide to deployment knows every setting there is', () => {
  const read = (/** @type {string} */ file) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
  const guide = read('docs/deploy.md')
  const names = new Set(
    ['shim/config.js', 'media/config.js'].flatMap((file) =>
      [...read(file).matchAll(/'([A-Z]+(?:_[A-Z]+)*)'/g)].map(([, name]) => name),
    ),
  )
  for (const part of ['ACCOUNT_ID', 'API_TOKEN', 'WEBHOOK_AUTH', 'TOKEN_ID', 'TOKEN_SECRET']) names.delete(part)
  assert.ok(names.size > 40)
  for (const name of names) assert.ok(guide.includes(`\`${name}\``), `docs/deploy.md says nothing about ${name}`)
})

test('no sentence about a wrong setting repeats a secret', () => {
  const { problems } = readConfig({ WEBHOOK_SECRET: 'abc', CLOUDFLARE_API_TOKEN: 'the-token-itself' })
  assert.doesNotMatch(problems.join('\n'), /abc|the-token-itself/)
})

test('addresses lose the slash at their end', () => {
  const { config } = readConfig({ PUBLIC_URL: 'https://memorial.example.org/', MEDIA_PUBLIC_URL: 'https://m.org/x/' })
  assert.equal(config.publicUrl, 'https://memorial.example.org')
  assert.equal(config.mediaPublicUrl, 'https://m.org/x')
})

test('a server that listens everywhere is reached on this machine', () => {
  assert.equal(localUrl('0.0.0.0', 80), 'http://127.0.0.1:80')
  assert.equal(localUrl('::', 80), 'http://[::1]:80')
  assert.equal(localUrl('192.168.1.5', 80), 'http://192.168.1.5:80')
})

test('secrets are made once, kept for their owner alone, and given ones count', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'vigil-secrets-'))
  const file = path.join(folder, 'secrets.json')
  const first = loadSecrets(folder, {})
  assert.match(first.webhookSecret, /^[0-9a-f]{64}$/)
  assert.equal(new Set(Object.values(first)).size, 4)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(loadSecrets(folder, { webhookSecret: '' }), first)
  assert.equal(loadSecrets(folder, { webhookSecret: 'given' }).webhookSecret, 'given')
  assert.ok(!readFileSync(file, 'utf8').includes('given'))
  writeFileSync(file, '{')
  assert.throws(() => loadSecrets(folder, {}), /secrets\.json is damaged\. Remove it;/)
  rmSync(folder, { recursive: true })
})
