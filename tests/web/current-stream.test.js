import assert from 'node:assert/strict'
import { test } from 'node:test'
import { currentStream, withParts } from '../../web/current-stream.js'
import { clock, moment } from '../../web/time.js'
import { aStream } from './fake-server.js'

/** @param {string} id @param {import('../../web/types.js').Phase} phase @param {string} createdAt @param {string} [endedAt] */
const stream = (id, phase, createdAt, endedAt) => aStream({ id, phase, createdAt, endedAt })

test('the memorial page shows what its guests came for', () => {
  const rows = [
    { why: 'nothing there', streams: [], shown: undefined },
    { why: 'live before anything newer', streams: [stream('a', 'live', '1'), stream('b', 'waiting', '2')], shown: 'a' },
    {
      why: 'one that may come back',
      streams: [stream('a', 'recording', '3'), stream('b', 'interrupted', '1')],
      shown: 'b',
    },
    {
      why: 'the next service after a recording',
      streams: [stream('a', 'recording', '1', '2'), stream('b', 'waiting', '3')],
      shown: 'b',
    },
    {
      why: 'a recording, not the stream created beside it and never used',
      streams: [stream('a', 'recording', '1', '4'), stream('b', 'waiting', '2')],
      shown: 'a',
    },
    {
      why: 'guests stay where the service ended',
      streams: [stream('a', 'preparing', '1', '4'), stream('b', 'recording', '2', '3')],
      shown: 'a',
    },
    {
      why: 'a recording before an end without one',
      streams: [stream('a', 'none', '5', '6'), stream('b', 'recording', '1', '2')],
      shown: 'b',
    },
  ]
  for (const { why, streams, shown } of rows) {
    assert.equal(currentStream(streams)?.id, shown, why)
    assert.equal(currentStream([...streams].reverse())?.id, shown, `${why}, in any order`)
  }
})

test('each recording of a service that was broken off is there, once', () => {
  const part = (/** @type {string} */ id, /** @type {'cloudflare' | 'mux'} */ provider = 'cloudflare') => ({
    provider,
    id,
    playbackUrl: `/${id}.m3u8`,
    duration: 60,
    startedAt: '2026-11-20T10:00:00Z',
  })
  const recordings = [part('r1'), part('r2'), part('m1', 'mux')]
  const over = aStream({ id: 's', phase: 'recording', status: 'completed', recordingUrl: '/r2.m3u8', recordings })
  assert.deepEqual(
    withParts(over).map(({ id, phase, recordingUrl }) => [id, phase, recordingUrl]),
    [
      ['s', 'recording', '/r2.m3u8'],
      ['s/r1', 'recording', '/r1.m3u8'],
    ],
  )
  const liveAgain = aStream({ id: 's', phase: 'live', status: 'live', recordings: [part('r1')] })
  assert.deepEqual(
    withParts(liveAgain).map(({ id, phase }) => [id, phase]),
    [
      ['s', 'live'],
      ['s/r1', 'recording'],
    ],
  )
})

test('lengths read like clocks, and what is no date is left out', () => {
  assert.deepEqual([0, 5.9, 65, 600, 3723].map(clock), ['0:00', '0:05', '1:05', '10:00', '1:02:03'])
  assert.equal(moment(undefined), '')
  assert.equal(moment('soon'), '')
  assert.match(moment('2026-11-12T14:30:00Z'), /2026/)
})
