import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { buildConnector } from 'undici'
import { expect, test } from 'vitest'
import { writingTogether } from './writing-together'

interface Wire {
  readonly socket: Socket
  /** What the other end has read. */
  readonly read: () => string
  /** How often the system was asked to write. */
  readonly writes: () => number
}

async function connected(use: (wire: Wire) => Promise<void>): Promise<void> {
  let text = ''
  const server = createServer((peer) => peer.on('data', (chunk) => (text += chunk)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  const socket = await new Promise<Socket>((resolve, reject) => {
    const options = { hostname: '127.0.0.1', protocol: 'http:', port: String(address.port) }
    writingTogether(buildConnector({}))(options, (error, made) =>
      made ? resolve(made) : reject(error ?? new Error('no socket')),
    )
  })
  let writes = 0
  for (const name of ['_write', '_writev'] as const) {
    const original = socket[name]?.bind(socket) as ((...given: unknown[]) => void) | undefined
    Object.assign(socket, {
      [name]: (...given: unknown[]) => {
        writes += 1
        original?.(...given)
      },
    })
  }
  try {
    await use({ socket, read: () => text, writes: () => writes })
  } finally {
    socket.destroy()
    server.close()
  }
}

test('what is written in one tick leaves with one write, in order', async () => {
  await connected(async ({ socket, read, writes }) => {
    for (const part of ['a', 'b', 'c']) socket.write(part)
    await Promise.resolve()
    socket.write('d')
    await expect.poll(read).toBe('abcd')
    expect(writes()).toBe(1)
    socket.write('e')
    await expect.poll(read).toBe('abcde')
    expect(writes()).toBe(2)
  })
})

test('an end in the same tick loses nothing', async () => {
  await connected(async ({ socket, read }) => {
    socket.write('last ')
    socket.end('words')
    await once(socket, 'close')
    await expect.poll(read).toBe('last words')
  })
})

test('a connection that fails is told as before', async () => {
  const connect = writingTogether((_options, callback) => callback(new Error('refused'), null))
  const options = { hostname: '127.0.0.1', protocol: 'http:', port: '1' }
  const told = await new Promise((resolve) => connect(options, (...given) => resolve(given)))
  expect(told).toEqual([new Error('refused'), null])
})
