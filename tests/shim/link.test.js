/** `node shim/main.js link`: people and sign-in links of a Vigil without Firebase, while it runs. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { readConfig } from '../../shim/config.js'
import { createLink } from '../../shim/link.js'
import { openRecords } from '../../shim/parts.js'

/** @type {string} */
let data
/** @type {Awaited<ReturnType<typeof openRecords>>} of the Vigil that runs */
let running
const { config: plain } = readConfig({})
/** @type {import('../../shim/config.js').Config} */
let config
before(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'vigil-link-'))
  config = { ...plain, dataFolder: data, publicUrl: 'https://memorial.example.org' }
  await assert.rejects(createLink(config, ['admin']), /Start Vigil first/)
  running = await openRecords(config, () => {})
  await running.local?.putUser({ uid: 'admin', name: 'Administrator', role: 'admin' })
  await running.store.SaveMemorial({
    id: 'm1',
    document: { id: 'm1', name: 'A', ownerUid: 'admin', createdAt: '2026' },
  })
})
after(async () => {
  await running.close()
  rmSync(data, { recursive: true })
})

/** Whom this link signs in at the Vigil that runs. @param {string} link */
async function whoseIs(link) {
  const [page, token] = link.split('#')
  assert.equal(page, 'https://memorial.example.org/sign-in')
  return (await running.local?.redeemToken(token))?.user
}

test('the administrator gets a link, as often as one is wanted; each works once', async () => {
  const first = await createLink(config, ['admin'])
  const second = await createLink(config, ['admin'])
  assert.equal(await whoseIs(first), undefined, 'the newer one counts')
  assert.deepEqual(await whoseIs(second), { uid: 'admin', name: 'Administrator', role: 'admin' })
  assert.equal(await whoseIs(second), undefined)
})

test('a family and a funeral director are added, and given a memorial', async () => {
  const mary = ['mary', '--name', 'Mary Marlow', '--role', 'owner', '--memorial', 'm1']
  assert.deepEqual(await whoseIs(await createLink(config, mary)), { uid: 'mary', name: 'Mary Marlow', role: 'owner' })
  const director = ['june', '--name', 'June Field', '--role', 'funeral_director', '--memorial', 'm1']
  await createLink(config, director)
  const memorial = await running.store.FindMemorial({ memorialId: 'm1' })
  assert.deepEqual([memorial.ownerUid, memorial.funeralDirectorUid], ['mary', 'june'])
  assert.equal((await whoseIs(await createLink(config, ['june'])))?.name, 'June Field', 'known from now on')
})

test('what cannot be done is said', async () => {
  const rows = /** @type {[string[], RegExp][]} */ ([
    [[], /^Usage: /],
    [['a', 'b'], /^Usage: /],
    [['a', '--role', 'king', '--name', 'A'], /^Usage: /],
    [['a', '--whatever'], /^Usage: /],
    [['nobody'], /^Nobody is called nobody/],
    [['admin', '--memorial', 'm9'], /^There is no memorial m9/],
  ])
  for (const [args, sentence] of rows) await assert.rejects(createLink(config, args), { message: sentence })
  await assert.rejects(createLink({ ...config, firebase: { projectId: 'p' } }, ['admin']), /sign in by Firebase/)
})
