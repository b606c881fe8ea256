import { Buffer } from 'node:buffer'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import { opcode } from './frame'
import { FrameWriter } from './frame-writer'

/** A stream that takes writes and is done with them when the test says so. */
function slowStream() {
  const writes: Buffer[] = []
  const dones: (() => void)[] = []
  const stream = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      writes.push(chunk)
      dones.push(done)
    },
    highWaterMark: 1,
  })
  return { stream, writes, done: () => dones.shift()?.() }
}

const tick = () => new Promise(process.nextTick)

it('hands over with one write what one tick brings', async () => {
  const { stream, writes } = slowStream()
  const writer = new FrameWriter(stream)
  writer.text('one')
  await Promise.resolve()
  writer.text('two')
  writer.control(opcode.ping, Buffer.from('?'))
  expect(writes).toHaveLength(0)
  expect(writer.buffered).toBe(9 + 9 + 7)
  await tick()
  expect(writes.map(({ length }) => length)).toEqual([25])
})

it('does not wait for the end of a tick that brings much', () => {
  const { stream, writes } = slowStream()
  const writer = new FrameWriter(stream)
  for (let index = 0; index < 5; index++) writer.text('x'.repeat(7_000))
  expect(writes.map(({ length }) => length)).toEqual([5 * 7_008])
})

it('writes over nothing that a stream in memory may still hold', async () => {
  const { done, stream, writes } = slowStream()
  const writer = new FrameWriter(stream)
  writer.text('first')
  await tick()
  done()
  const before = Buffer.from(writes[0] ?? [])
  for (let index = 0; index < 40; index++) {
    writer.text('y'.repeat(5_000))
    await tick()
    done()
  }
  expect(writes[0]).toEqual(before)
})

it('keeps what is still under way, when part of it has left', async () => {
  const { done, stream, writes } = slowStream()
  // The writer trusts sockets alone to be done with memory when they say so.
  Object.setPrototypeOf(stream, Socket.prototype)
  const writer = new FrameWriter(stream)
  writer.text('a'.repeat(30_000))
  await tick()
  writer.text('b'.repeat(22_000))
  await tick()
  done()
  await tick()
  const second = Buffer.from(writes[1] ?? [])
  expect(second).toHaveLength(22_008)
  writer.text('c'.repeat(60_000))
  expect(writes[1]).toEqual(second)
})
