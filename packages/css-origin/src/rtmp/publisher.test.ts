import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { systemClock } from '@ivh-kit/kernel'
import { createFakeClock } from '@ivh-kit/kernel/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { decodeAmf0, EcmaArray, encodeAmf0 } from './amf0'
import { commandMessage, type RtmpCommand, readCommand, statusMessage } from './command'
import { RtmpConnection } from './connection'
import type { RtmpMessage } from './message'
import { openPublisher, type PublisherOptions } from './publisher'
import { PushError } from './push-error'

/** A server whose responses the test decides. */
class ScriptedServer {
  readonly messages: RtmpMessage[] = []
  readonly commands: RtmpCommand[] = []
  readonly sockets: Socket[] = []
  /** Handles a command. Default: accepts every command. */
  react: (command: RtmpCommand, connection: RtmpConnection, socket: Socket) => void = accept
  readonly #server: Server = createServer((socket) => {
    this.sockets.push(socket)
    const connection = new RtmpConnection(socket, {
      role: 'server',
      onReady: () => undefined,
      onMessage: (message) => {
        const command = readCommand(message)
        if (command) {
          this.commands.push(command)
          this.react(command, connection, socket)
        } else this.messages.push(message)
      },
      onClose: () => undefined,
    })
  })

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  get host(): string {
    const address = this.#server.address() as AddressInfo
    return `127.0.0.1:${address.port}`
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

function accept(command: RtmpCommand, connection: RtmpConnection): void {
  const result = (...args: RtmpCommand['args']): void =>
    connection.send(commandMessage({ name: '_result', transaction: command.transaction, args }))
  if (command.name === 'connect') result({}, { code: 'NetConnection.Connect.Success' })
  if (command.name === 'createStream') result(null, 3)
  if (command.name === 'publish') {
    const status = { level: 'status', code: 'NetStream.Publish.Start', description: '' } as const
    connection.send(statusMessage(status, 3))
  }
}

const secret = '0123456789abcdef0123456789abcdef'
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function server(): Promise<ScriptedServer> {
  const scripted = await new ScriptedServer().listen()
  cleanups.push(() => scripted.close())
  return scripted
}

function optionsFor(scripted: ScriptedServer, changes: Partial<PublisherOptions> = {}) {
  return {
    url: `rtmp://${scripted.host}/live/m1?txSecret=${secret}&txTime=5C271099`,
    clock: systemClock,
    timeoutMs: 5000,
    maxQueuedBytes: 100_000,
    ...changes,
  }
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

describe('RTMP publisher', () => {
  it('publishes the name with its query', async () => {
    const scripted = await server()
    const publisher = await openPublisher(optionsFor(scripted))
    expect(scripted.commands.map(({ name }) => name)).toEqual([
      'connect',
      'releaseStream',
      'FCPublish',
      'createStream',
      'publish',
    ])
    expect(scripted.commands[0]?.args[0]).toMatchObject({
      app: 'live',
      tcUrl: `rtmp://${scripted.host}/live`,
    })
    expect(scripted.commands[4]?.args).toEqual([
      null,
      `m1?txSecret=${secret}&txTime=5C271099`,
      'live',
    ])
    await publisher.close()
  })

  it('accepts commands without a transaction number', async () => {
    const scripted = await server()
    scripted.react = (command, connection) => {
      accept(command, connection)
      // `ffmpeg -listen` sends the name alone.
      const payload = encodeAmf0('onFCPublish')
      const message = { chunkStreamId: 3, streamId: 0, type: 20, timestamp: 0, payload }
      if (command.name === 'FCPublish') connection.send(message)
    }
    const publisher = await openPublisher(optionsFor(scripted))
    await publisher.close()
    expect(await publisher.closed).toBe('the publisher closed the push')
  })

  it('sends metadata and tags on the created stream, then unpublishes', async () => {
    const scripted = await server()
    const publisher = await openPublisher(optionsFor(scripted))
    publisher.sendMetadata({ width: 640 })
    publisher.sendHeader({ type: 9, timestamp: 0, payload: Buffer.of(0x17, 0) })
    expect(
      publisher.send([{ type: 8, timestamp: 0x1000005, payload: Buffer.alloc(70_000, 7) }]),
    ).toBe(true)
    await publisher.close()
    expect(await publisher.closed).toBe('the publisher closed the push')
    const [meta, header, sound] = scripted.messages
    expect(decodeAmf0(meta?.payload ?? Buffer.of())).toEqual([
      '@setDataFrame',
      'onMetaData',
      new EcmaArray({ width: 640 }),
    ])
    expect(header).toMatchObject({ type: 9, streamId: 3, timestamp: 0 })
    expect(sound).toMatchObject({ type: 8, streamId: 3, timestamp: 0x1000005 })
    expect(sound?.payload.equals(Buffer.alloc(70_000, 7))).toBe(true)
    expect(scripted.commands.slice(-2).map(({ name }) => name)).toEqual([
      'FCUnpublish',
      'deleteStream',
    ])
  })

  it('reports a refusal with code, host and next step, without the secret', async () => {
    const scripted = await server()
    scripted.react = (command, connection, socket) => {
      if (command.name !== 'publish') return accept(command, connection)
      const description = `bad signature in m1?txSecret=${secret}`
      connection.send(
        statusMessage({ level: 'error', code: 'NetStream.Publish.BadName', description }, 3),
      )
      socket.end()
    }
    const error = await failure(openPublisher(optionsFor(scripted)))
    expect(PushError.is(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'PUSH_REFUSED',
      netStreamCode: 'NetStream.Publish.BadName',
      host: scripted.host,
    })
    expect(String(error)).toContain(`rtmp://${scripted.host}/live/m1 refused the push`)
    expect(String(error)).toContain('bad signature')
    expect(String(error)).toContain('Sign the address again')
    expect(JSON.stringify(error) + String(error)).not.toContain(secret)
  })

  it('rejects when the server refuses the application', async () => {
    const scripted = await server()
    scripted.react = (command, connection) => {
      const info = { level: 'error', code: 'NetConnection.Connect.InvalidApp', description: 'no' }
      connection.send(
        commandMessage({ name: '_error', transaction: command.transaction, args: [null, info] }),
      )
    }
    expect(await failure(openPublisher(optionsFor(scripted)))).toMatchObject({
      code: 'PUSH_REFUSED',
      netStreamCode: 'NetConnection.Connect.InvalidApp',
      message: expect.stringContaining('Check the application name'),
    })
  })

  it('rejects when the server closes the connection', async () => {
    const scripted = await server()
    scripted.react = (_command, _connection, socket) => socket.destroy()
    expect(await failure(openPublisher(optionsFor(scripted)))).toMatchObject({
      code: 'PUSH_UNREACHABLE',
      message: expect.stringContaining('The push to'),
    })
  })

  it('rejects when no server listens on the port', async () => {
    const scripted = await server()
    const options = optionsFor(scripted)
    await scripted.close()
    expect(await failure(openPublisher(options))).toMatchObject({
      code: 'PUSH_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('rejects after the timeout when the server does not answer', async () => {
    const scripted = await server()
    const asked = new Promise<void>((resolve) => {
      scripted.react = () => resolve()
    })
    const { clock, timers } = createFakeClock()
    const opening = failure(openPublisher(optionsFor(scripted, { clock })))
    await asked
    timers.tick(5000)
    expect(await opening).toMatchObject({
      code: 'PUSH_TIMEOUT',
      message: expect.stringContaining('did not accept the push within 5000 ms'),
    })
    expect(timers.countTimers()).toBe(0)
  })

  it('rejects with the reason of an aborted signal and closes the connection', async () => {
    const scripted = await server()
    const controller = new AbortController()
    scripted.react = () => controller.abort(new Error('changed my mind'))
    const error = await failure(openPublisher(optionsFor(scripted, { signal: controller.signal })))
    expect(String(error)).toBe('Error: changed my mind')
    const [socket] = scripted.sockets
    if (socket && !socket.closed) await once(socket, 'close')
  })

  it('does not connect with an aborted signal', async () => {
    const scripted = await server()
    const signal = AbortSignal.abort(new Error('too late'))
    expect(String(await failure(openPublisher(optionsFor(scripted, { signal }))))).toContain(
      'too late',
    )
    expect(scripted.sockets).toEqual([])
  })

  it('rejects a malformed address', async () => {
    const scripted = await server()
    const options = optionsFor(scripted, { url: `http://h/live/m1?txSecret=${secret}` })
    const error = await failure(openPublisher(options))
    expect(error).toMatchObject({ code: 'PUSH_URL_INVALID' })
    expect(String(error)).not.toContain(secret)
  })

  it('drops tags while the server does not read, so that memory stays bounded', async () => {
    const scripted = await server()
    const publisher = await openPublisher(optionsFor(scripted))
    for (const socket of scripted.sockets) socket.pause()
    const picture = { type: 9, timestamp: 0, payload: Buffer.alloc(50_000) } as const
    let sent = 0
    for (let index = 0; index < 2000; index++) {
      if (publisher.send([picture])) sent += 1
      if (index % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(publisher.droppedTags).toBeGreaterThan(1000)
    expect(sent + publisher.droppedTags).toBe(2000)
    for (const socket of scripted.sockets) socket.destroy()
    await publisher.closed
  })

  it('ends a push when the server accepts no bytes for too long, but not for a slow server', async () => {
    const scripted = await server()
    const { clock, timers } = createFakeClock()
    const publisher = await openPublisher(optionsFor(scripted, { clock }))
    let ended = false
    void publisher.closed.then(() => {
      ended = true
    })
    const [socket] = scripted.sockets
    const turn = () => new Promise((resolve) => setImmediate(resolve))
    const picture = { type: 9, timestamp: 0, payload: Buffer.alloc(50_000) } as const
    const fill = async (): Promise<void> => {
      while (publisher.send([picture])) await turn()
    }
    socket?.pause()
    for (let round = 0; round < 3; round++) {
      await fill()
      timers.tick(29_999)
      expect(publisher.send([picture])).toBe(false)
      socket?.resume()
      while (!publisher.send([picture])) await turn()
      socket?.pause()
    }
    await fill()
    timers.tick(29_999)
    publisher.send([picture])
    await turn()
    expect(ended).toBe(false)
    timers.tick(1)
    publisher.send([picture])
    expect(await publisher.closed).toBe(
      'the push connection broke: the server accepted no bytes for 30000 ms',
    )
  })

  it('reports the end of the connection with the reason of the server', async () => {
    const scripted = await server()
    const publisher = await openPublisher(optionsFor(scripted))
    const [socket] = scripted.sockets
    socket?.destroy()
    expect(await publisher.closed).toMatch(/closed the connection|connection broke/)
    await publisher.close()
  })
})
