import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { describe, test } from 'node:test'
import { startMedia } from '../../media/server.js'
import { given, publishRtmp, selfMadeCertificate, until } from './media.js'

// Most of their time is waiting.
describe('RTMPS', { concurrency: 2 }, () => {
  test('a publisher by RTMPS is live; what is no TLS ends its own socket only', async (t) => {
    const media = await given(t, { rtmpsPort: 0, ...(await selfMadeCertificate(t)) })
    const input = await media.createInput()
    assert.equal(input.rtmps.url, `rtmps://127.0.0.1:${media.rtmpsPort}/live/`)
    const publisher = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(publisher.kill)
    await until('it is live', () => media.lives.isLive(input.uid))
    const socket = connect(media.rtmpsPort, '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    socket.write(randomBytes(10_000))
    if (!socket.closed) await once(socket, 'close')
    assert.ok(media.lives.isLive(input.uid))
    publisher.kill()
    await publishRtmp(input.rtmps.url + 'x', { seconds: 5 }).ended.then((code) => assert.notEqual(code, 0))
  })

  test('an output looks at the certificate: who vouches for it, and for whom', async (t) => {
    const [right, other, elsewhere] = await Promise.all([
      selfMadeCertificate(t),
      selfMadeCertificate(t),
      selfMadeCertificate(t, 'DNS:elsewhere.test'),
    ])
    const far = await given(t, { rtmpsPort: 0, ...right })
    const wrongName = await given(t, { rtmpsPort: 0, ...elsewhere })
    /** @type {[typeof far, string, boolean][]} the server, whom we trust, whether it gets the stream */
    const rows = [
      [far, right.tlsCert, true],
      [far, other.tlsCert, false],
      [far, '', false],
      [wrongName, elsewhere.tlsCert, false],
    ]
    await Promise.all(
      rows.map(async ([server, tlsCa, reaches], row) => {
        const near = await given(t, { tlsCa })
        const [from, to] = [await near.createInput(), await server.createInput()]
        const { url, streamKey } = to.rtmps
        await near.api('POST', `/live_inputs/${from.uid}/outputs`, { url, streamKey })
        const publisher = publishRtmp(from.rtmps.url + from.rtmps.streamKey)
        t.after(publisher.kill)
        if (reaches) return void (await until('it arrives', () => server.lives.isLive(to.uid)))
        const tries = () => near.logged.filter(({ event }) => event === 'output.failed')
        await until(`it is refused, row ${row}`, () => tries().length >= 2)
        assert.ok(!server.lives.isLive(to.uid), `row ${row}`)
        assert.match(String(tries()[0].reason), /certificate|hostname|does not match/i)
        assert.ok(!JSON.stringify(near.logged).includes(streamKey))
      }),
    )
  })

  test('a far end that takes the connection and then nothing is left for another try', async (t) => {
    let connections = 0
    const mute = createServer((socket) => {
      connections++
      socket.on('error', () => {})
    })
    mute.listen(0, '127.0.0.1')
    await once(mute, 'listening')
    t.after(() => mute.close())
    const { port } = /** @type {import('node:net').AddressInfo} */ (mute.address())
    const media = await given(t)
    const input = await media.createInput()
    await media.api('POST', `/live_inputs/${input.uid}/outputs`, {
      url: `rtmp://127.0.0.1:${port}/app`,
      streamKey: 'k',
    })
    const publisher = publishRtmp(input.rtmps.url + input.rtmps.streamKey)
    t.after(publisher.kill)
    await until('it tries again', () => connections >= 2, 30)
    assert.ok(media.lives.isLive(input.uid))
  })

  test('without a certificate there is no RTMPS, and it is said', async (t) => {
    const media = await given(t)
    assert.equal(media.rtmpsPort, -1)
    await assert.rejects(startMedia({ rtmpsPort: 0, dataFolder: media.dataFolder }), /RTMPS_PORT needs TLS_CERT/)
  })
})
