/** What a store promises, asked of each of them. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { until } from '../harness/vigil.js'
import { stores } from './stores.js'

/** @typedef {import('../../shim/ports/store-sqlite.js').Store} Store */

const document = { id: 's1', memorialId: 'm1', cloudflareInputId: 'i1', title: 'A', sources: { a: { ready: false } } }
const view = { id: 's1', memorialId: 'm1', title: 'A' }
/** @type {any} */
const making = { id: 's1', phase: 'making', due: '2026-09-23T10:02:00.000Z', cloudflareInputIds: ['i1'] }
const settling = { ...making, phase: 'settling' }
const now = '2026-09-23T10:00:00.000Z'

for (const kind of stores) {
  describe(kind.name, { skip: kind.skip }, () => {
    /** @type {Store} */
    let store
    /** @type {() => Promise<void>} */
    let close
    let clock = Date.now()
    before(async () => kind.before?.())
    after(async () => kind.after?.())
    beforeEach(async () => {
      clock = Date.now()
      ;({ store, close } = await kind.open(() => clock))
    })
    afterEach(() => close())

    /** A stream, as creating one leaves it. @param {any} [its] */
    async function save(its = document) {
      await store.SaveIntent({ id: its.id, document: { ...making, id: its.id } })
      const itsView = { id: its.id, memorialId: its.memorialId }
      await store.SaveStream({ id: its.id, document: its, view: itsView, intent: null })
    }
    const find = (id = 's1') => store.FindStream({ by: 'id', is: id })
    const version = async (id = 's1') => String((await find(id))?.version)
    /** @param {Record<string, unknown>} set @param {object} [more] */
    const update = async (set, more) => store.UpdateStream({ id: 's1', version: await version(), set, view, ...more })

    test('what was saved is found: by id, by each provider, by relay key, by memorial', async () => {
      const full = { ...document, muxLiveStreamId: 'x1', relayKey: 'r1' }
      await save(full)
      for (const [by, is] of /** @type {const} */ ([
        ['id', 's1'],
        ['cloudflareInputId', 'i1'],
        ['muxLiveStreamId', 'x1'],
        ['relayKey', 'r1'],
      ])) {
        const found = await store.FindStream({ by, is })
        assert.deepEqual(found, { document: full, version: await version() }, by)
        assert.equal(await store.FindStream({ by, is: 'm1' }), null, by)
      }
      assert.deepEqual(await store.FindStreams({ memorialId: 'm1' }), [full])
      assert.deepEqual(await store.FindStreams({ memorialId: 's1' }), [])
    })

    test('memorials are found, each and all, and made once', async () => {
      assert.equal(await store.FindMemorial({ memorialId: 'm1' }), null)
      await store.SaveMemorial({ id: 'm1', document: { id: 'm1', name: 'A' } })
      assert.deepEqual(await store.FindMemorial({ memorialId: 'm1' }), { id: 'm1', name: 'A' })
      await assert.rejects(store.SaveMemorial({ id: 'm1', document: { id: 'm1' } }), { code: 'conflict' })
      await store.SaveMemorial({ id: 'm0', document: { id: 'm0', name: 'B' } })
      const names = (await store.FindMemorials()).map(({ name }) => name)
      assert.deepEqual(names.sort(), ['A', 'B'])
      await store.check()
    })

    test('a stream is created once', async () => {
      await save()
      await store.SaveIntent({ id: 's1', document: making })
      const again = { id: 's1', document: { ...document, cloudflareInputId: 'i2' }, view, intent: null }
      await assert.rejects(store.SaveStream(again), { code: 'conflict' })
    })

    test('a stream is created only while its attempt is being made', async () => {
      const order = { id: 's1', document, view, intent: null }
      await assert.rejects(store.SaveStream(order), { code: 'gone' }, 'no intent')
      await store.SaveIntent({ id: 's1', document: settling })
      await assert.rejects(store.SaveStream(order), { code: 'gone' }, 'being settled')
      assert.equal(await find(), null)
      await store.SaveIntent({ id: 's1', document: making })
      await store.SaveStream(order)
      assert.deepEqual((await find())?.document, document)
      assert.equal(await store.TakeIntent({ id: 's1', now: making.due, until: making.due }), null, 'the intent is done')
    })

    test('a stream may leave an intent behind', async () => {
      await store.SaveIntent({ id: 's1', document: making })
      await store.SaveStream({ id: 's1', document, view, intent: { ...settling, look: true } })
      const taken = await store.TakeIntent({ id: 's1', now: making.due, until: '2026-09-23T10:03:00.000Z' })
      assert.deepEqual(taken, { ...settling, look: true, due: '2026-09-23T10:03:00.000Z' })
    })

    test('of giving up and creating, one wins', async () => {
      for (let i = 0; i < 5; i++) {
        const id = `s${i}`
        await store.SaveIntent({ id, document: { ...making, id, due: now } })
        const [saved, taken] = await Promise.allSettled([
          store.SaveStream({ id, document: { ...document, id, cloudflareInputId: id }, view, intent: null }),
          store.TakeIntent({ id, now, until: making.due }),
        ])
        const made = saved.status === 'fulfilled'
        const settled = taken.status === 'fulfilled' && taken.value !== null
        assert.notEqual(made, settled, `round ${i}: made ${made}, settled ${settled}`)
        assert.equal((await find(id)) !== null, made)
      }
    })

    test('an update writes the fields it names and leaves the others', async () => {
      await save()
      const set = { 'sources.a.ready': true, 'sources.b.ready': false, title: null, list: [1, { a: null }] }
      const before = await version()
      assert.deepEqual(await update(set), { duplicate: false })
      assert.notEqual(await version(), before)
      assert.deepEqual((await find())?.document, {
        id: 's1',
        memorialId: 'm1',
        cloudflareInputId: 'i1',
        sources: { a: { ready: true }, b: { ready: false } },
        list: [1, { a: null }],
      })
    })

    test('an update of a version that is gone, or of nothing, fails and writes nothing', async () => {
      await save()
      const old = await version()
      await update({ title: 'B' })
      const stale = { id: 's1', version: old, set: { title: 'C' }, view, eventKey: 'e' }
      await assert.rejects(store.UpdateStream(stale), { code: 'conflict' })
      await assert.rejects(store.UpdateStream({ ...stale, id: 's9' }), { code: 'conflict' })
      assert.equal((await find())?.document.title, 'B')
      assert.deepEqual(await update({ title: 'D' }, { eventKey: 'e' }), { duplicate: false }, 'nor was the event noted')
    })

    test('of many updates of one version, one is made', async () => {
      await save()
      const its = await version()
      const tries = Array.from({ length: 10 }, (_, n) =>
        store.UpdateStream({ id: 's1', version: its, set: { n }, view }),
      )
      const done = await Promise.allSettled(tries)
      assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1)
    })

    test('an event is applied once, and known for a week', async () => {
      await save()
      assert.deepEqual(await update({ n: 1 }, { eventKey: 'e1' }), { duplicate: false })
      assert.deepEqual(await update({ n: 2 }, { eventKey: 'e1' }), { duplicate: true })
      assert.deepEqual(await update({ n: 3 }, { eventKey: 'e2' }), { duplicate: false })
      assert.equal((await find())?.document.n, 3)
      clock += 7 * 24 * 3600 * 1000 - 1
      assert.deepEqual(await update({ n: 4 }, { eventKey: 'e1' }), { duplicate: true })
      clock += 2
      const again = () => update({ n: 5 }, { eventKey: 'e1' })
      assert.deepEqual(await again().catch(again), { duplicate: false })
      assert.equal((await find())?.document.n, 5)
    })

    test('of one event told many times at once, one is applied', async () => {
      await save({ ...document, n: 0 })
      const tell = async () => {
        for (;;) {
          const found = await find()
          const set = { n: found?.document.n + 1 }
          try {
            return await store.UpdateStream({ id: 's1', version: String(found?.version), set, view, eventKey: 'e' })
          } catch (error) {
            assert.equal(/** @type {any} */ (error).code, 'conflict')
          }
        }
      }
      const told = await Promise.all(Array.from({ length: 8 }, tell))
      assert.equal(told.filter(({ duplicate }) => !duplicate).length, 1)
      assert.equal((await find())?.document.n, 1)
    })

    test('an update may finish an intent, unless that was given up', async () => {
      await save()
      const its = { intentId: 's1:backup' }
      await assert.rejects(update({ n: 1 }, its), { code: 'gone' })
      await store.SaveIntent({ id: 's1:backup', document: settling })
      await assert.rejects(update({ n: 1 }, its), { code: 'gone' })
      await store.SaveIntent({ id: 's1:backup', document: making })
      await update({ n: 1 }, its)
      await assert.rejects(update({ n: 2 }, its), { code: 'gone' })
      assert.equal((await find())?.document.n, 1)
    })

    test('a removed stream is found no more; what is left to do is noted with it', async () => {
      await save()
      const intent = { ...settling, id: 's1:removed', due: now }
      const removal = { id: 's1', version: await version(), intent }
      await assert.rejects(store.RemoveStream({ ...removal, version: '1.000002000' }), { code: 'conflict' })
      assert.deepEqual(await store.dueIntents(now, 9), [])
      await store.RemoveStream(removal)
      assert.equal(await find(), null)
      assert.equal(await store.FindStream({ by: 'cloudflareInputId', is: 'i1' }), null)
      assert.deepEqual(await store.FindStreams({ memorialId: 'm1' }), [])
      await assert.rejects(store.RemoveStream(removal), { code: 'conflict' })
      await assert.rejects(store.UpdateStream({ ...removal, set: { n: 1 }, view }), { code: 'conflict' })
      assert.deepEqual(await store.dueIntents(now, 9), [intent.id])
    })

    test('an intent is taken when it is due, by one', async () => {
      await store.SaveIntent({ id: 's1', document: making })
      const until = '2026-09-23T10:03:00.000Z'
      assert.equal(await store.TakeIntent({ id: 's1', now, until }), null, 'not yet')
      assert.equal(await store.TakeIntent({ id: 's9', now, until }), null)
      const takers = Array.from({ length: 5 }, () => store.TakeIntent({ id: 's1', now: making.due, until }))
      const taken = (await Promise.all(takers)).filter(Boolean)
      assert.deepEqual(taken, [{ ...settling, due: until }])
      assert.deepEqual(await store.TakeIntent({ id: 's1', now: until, until }), taken[0], 'its taker vanished')
      await store.DropIntent({ id: 's1' })
      await store.DropIntent({ id: 's1' })
      assert.equal(await store.TakeIntent({ id: 's1', now: until, until }), null)
    })

    test('a check is taken when it is due, by one', async () => {
      const [due, until] = ['2026-09-23T10:02:00.000Z', '2026-09-23T10:03:00.000Z']
      await save({ ...document, nextCheckAt: due })
      assert.equal(await store.TakeCheck({ id: 's1', now, until }), null, 'not yet')
      assert.equal(await store.TakeCheck({ id: 's9', now: due, until }), null)
      const takers = Array.from({ length: 5 }, () => store.TakeCheck({ id: 's1', now: due, until }))
      const taken = (await Promise.all(takers)).filter((each) => each !== null)
      assert.deepEqual(taken, [await store.FindStream({ by: 'id', is: 's1' })])
      assert.equal(taken[0].document.nextCheckAt, until)
      await store.UpdateStream({ id: 's1', version: taken[0].version, set: { nextCheckAt: null }, view })
      assert.equal(await store.TakeCheck({ id: 's1', now: until, until }), null, 'nothing is to be expected any more')
    })

    test('what is due is listed, the longest due first, so many at most', async () => {
      for (const [id, due] of [
        ['a', '2026-09-23T10:00:00.000Z'],
        ['b', '2026-09-23T09:00:00.000Z'],
        ['c', '2026-09-23T10:00:00.001Z'],
      ]) {
        await store.SaveIntent({ id, document: { ...making, id, due } })
        await save({ ...document, id: `s-${id}`, cloudflareInputId: id, nextCheckAt: due })
      }
      await save()
      assert.deepEqual(await store.dueIntents(now, 9), ['b', 'a'])
      assert.deepEqual(await store.dueIntents(now, 1), ['b'])
      assert.deepEqual(await store.dueStreams(now, 9), ['s-b', 's-a'])
      assert.deepEqual(await store.dueStreams(now, 1), ['s-b'])
    })

    const claim = { uid: 'u', key: 'k', streamId: 's1', order: 'o', now }
    test('a key keeps the first stream it was claimed for, for a day', async () => {
      assert.deepEqual(await store.ClaimKey(claim), { streamId: 's1', sameOrder: true })
      assert.deepEqual(await store.ClaimKey({ ...claim, streamId: 's2' }), { streamId: 's1', sameOrder: true })
      assert.deepEqual(await store.ClaimKey({ ...claim, order: 'p' }), { streamId: 's1', sameOrder: false })
      assert.deepEqual(await store.ClaimKey({ ...claim, uid: 'v', streamId: 's3' }), {
        streamId: 's3',
        sameOrder: true,
      })
      const later = { ...claim, streamId: 's4', now: '2026-09-24T10:00:00.001Z' }
      assert.deepEqual(await store.ClaimKey(later), { streamId: 's4', sameOrder: true })
    })

    test('a claim whose attempt came to nothing goes to the next one, and the attempt is over', async () => {
      const next = { ...claim, streamId: 's2', instead: 's1' }
      await store.SaveIntent({ id: 's1', document: making })
      await store.ClaimKey(claim)
      assert.deepEqual(await store.ClaimKey({ ...next, instead: 's9' }), { streamId: 's1', sameOrder: true })
      assert.deepEqual(await store.ClaimKey(next), { streamId: 's1', sameOrder: true, busy: true })
      const late = { ...next, now: making.due }
      assert.deepEqual(await store.ClaimKey(late), { streamId: 's2', sameOrder: true })
      assert.deepEqual(await store.ClaimKey({ ...late, streamId: 's3' }), { streamId: 's2', sameOrder: true })
      await assert.rejects(store.SaveStream({ id: 's1', document, view, intent: null }), { code: 'gone' })
    })

    test('a claim whose stream is there keeps it, whoever asks to have it instead', async () => {
      await store.ClaimKey(claim)
      await save()
      assert.deepEqual(await store.ClaimKey({ ...claim, streamId: 's2', instead: 's1' }), {
        streamId: 's1',
        sameOrder: true,
      })
    })

    test('of many claims of one key at once, one is first', async () => {
      const claims = await Promise.all(
        Array.from({ length: 5 }, (_, i) => store.ClaimKey({ ...claim, streamId: `s${i}` })),
      )
      assert.equal(new Set(claims.map(({ streamId }) => streamId)).size, 1)
    })

    test('changes of streams are told after they are made, to those who still listen', async () => {
      /** @type {string[]} */
      const told = []
      const end = store.subscribe(({ memorialId }) => told.push(memorialId))
      await listening(told)
      const toldNext = async (/** @type {() => Promise<unknown>} */ change) => {
        told.length = 0
        await change()
        await until('being told', () => told.includes('m1'))
        told.length = 0
      }
      await toldNext(() => save())
      await toldNext(() => update({ title: 'B' }))
      await toldNext(async () => store.RemoveStream({ id: 's1', version: await version(), intent: settling }))
      end()
      /** @type {string[]} */
      const others = []
      const endOthers = store.subscribe(({ memorialId }) => others.push(memorialId))
      await listening(others)
      await save({ ...document, id: 's2', memorialId: 'm2' })
      await until('the other being told', () => others.includes('m2'))
      assert.deepEqual(told, [])
      endOthers()
    })

    /**
     * Changes another memorial until that is told. The emulator can lose a write that is made while a listener begins: it
     * then says CURRENT, as of a later time, without it. What is written after something was told is told.
     * @param {string[]} told
     */
    async function listening(told) {
      const probe = { ...document, id: 'p1', memorialId: 'probe', cloudflareInputId: 'p' }
      if (!(await find('p1'))) await save(probe)
      await until('a listener that has begun', async () => {
        const its = { id: 'p1', memorialId: 'probe' }
        await store.UpdateStream({ id: 'p1', version: await version('p1'), set: { title: 'P' }, view: its })
        return told.includes('probe')
      })
    }
  })
}
