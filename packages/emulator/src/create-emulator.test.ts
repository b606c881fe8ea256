import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { createEmulator, type EmulatorOptions } from './create-emulator'
import { handSigned, paths, readAnswer, reqId } from './testing/account'

/** The globals before the first emulator starts. */
const untouched = { Request: globalThis.Request, Response: globalThis.Response }

function signedNow(): string {
  const text = `appkey=emulator-appkey&timestamp=${Math.floor(Date.now() / 1000)}`
  return `${text}&signature=${handSigned(text, 'emulator-accesstoken')}`
}

describe('createEmulator', () => {
  it('serves on a free port of this machine', async () => {
    await using emulator = await createEmulator({ prepareMs: 0 })
    expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const response = await fetch(`${emulator.url}${paths.createSessionByAsset}?${signedNow()}`, {
      method: 'POST',
      body: JSON.stringify({
        Header: {},
        Payload: {
          ReqId: reqId,
          AssetVirtualmanKey: 'a',
          UserId: 'u',
          Protocol: 'rtmp',
          DriverType: 1,
        },
      }),
    })
    expect(await readAnswer(response)).toMatchObject({ httpStatus: 200, Code: 0 })
    expect(emulator.sessions).toMatchObject([{ status: 1 }])
  })

  it('does not change the globals of its host', async () => {
    await using emulator = await createEmulator()
    await fetch(emulator.url)
    expect(globalThis.Request).toBe(untouched.Request)
    expect(globalThis.Response).toBe(untouched.Response)
  })

  it('may be closed twice, and frees the port', async () => {
    const emulator = await createEmulator()
    const port = Number(new URL(emulator.url).port)
    await fetch(emulator.url)
    await Promise.all([emulator.close(), emulator.close()])
    await emulator.close()
    await expect(fetch(emulator.url)).rejects.toThrow()
    await using again = await createEmulator({ port })
    expect(again.url).toBe(emulator.url)
  })

  it('closes without waiting for an idle connection', async () => {
    const emulator = await createEmulator()
    const request = fetch(`${emulator.url}${paths.statSession}?${signedNow()}`, {
      method: 'POST',
      body: new ReadableStream({ start() {} }),
      duplex: 'half',
    })
    const refused = expect(request).rejects.toThrow()
    await fetch(emulator.url)
    await emulator.close()
    await refused
  })

  it('rejects when the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      await expect(createEmulator({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    } finally {
      server.close()
    }
  })

  it('shows a truncated response only by the break in its body, not in its headers', async () => {
    await using emulator = await createEmulator()
    emulator.faults.plan([{ truncate: true }])
    const response = await fetch(`${emulator.url}${paths.listSessionOfUin}?${signedNow()}`, {
      method: 'POST',
      body: JSON.stringify({ Header: {}, Payload: { ReqId: reqId } }),
    })
    expect([...response.headers].join()).not.toMatch(/emulator|truncated/)
    await expect(response.text()).rejects.toThrow()
  })

  it('closes without waiting for a response that a fault delays', async () => {
    const emulator = await createEmulator()
    emulator.faults.plan([{ delayMs: 2 ** 30 }])
    const request = fetch(`${emulator.url}${paths.listSessionOfUin}`, { method: 'POST' })
    const refused = expect(request).rejects.toThrow()
    await expect.poll(() => emulator.calls.length).toBe(1)
    await emulator.close()
    await refused
    expect(emulator.calls).toMatchObject([{ outcome: 'dropped' }])
  })

  it('cuts all connections on a restart over HTTP, and answers the caller', async () => {
    await using emulator = await createEmulator()
    const page = await fetch(`${emulator.url}/__emulator/stream`)
    const cut = expect(page.text()).rejects.toThrow()
    const restart = await fetch(`${emulator.url}/__emulator/restart`, {
      method: 'POST',
      body: '{"keepSessions":true}',
    })
    expect(await restart.json()).toEqual({ restarted: true })
    await cut
  })
})

describe('a request without Content-Length', () => {
  /** Sends with `node:http`, which uses chunks for a body of unknown length. */
  const send = async (url: string, options: RequestOptions, ...parts: string[]) => {
    const sent = request(url, options)
    for (const part of parts) sent.write(part)
    sent.end()
    const [response]: IncomingMessage[] = await once(sent, 'response')
    let text = ''
    for await (const part of response ?? []) text += part
    return { status: response?.statusCode, text }
  }
  const body = JSON.stringify({ Header: {}, Payload: { ReqId: reqId } })

  it('has its body in chunks', async () => {
    await using emulator = await createEmulator()
    const url = `${emulator.url}${paths.listSessionOfUin}?${signedNow()}`
    const { status, text } = await send(url, { method: 'POST' }, body.slice(0, 9), body.slice(9))
    expect(status).toBe(200)
    expect(JSON.parse(text)).toMatchObject({ Header: { Code: 0 }, Payload: { Sessions: [] } })
  })

  it('is refused above 1 MiB', async () => {
    await using emulator = await createEmulator()
    const url = `${emulator.url}${paths.listSessionOfUin}?${signedNow()}`
    const { text } = await send(url, { method: 'POST' }, ...Array(17).fill(' '.repeat(65_536)))
    expect(text).toContain('the body is larger than 1048576 bytes')
  })

  it.each([
    ['POST', '/__emulator/reset', 200, '{"reset":true}'],
    ['DELETE', '/__emulator/faults', 200, '{"pending":[]}'],
    ['OPTIONS', '/__emulator/reset', 404, 'is not an endpoint of this emulator'],
    ['POST', paths.listSessionOfUin, 200, 'the query parameter appkey is missing'],
  ])('has no body: %s %s', async (method, path, status, text) => {
    await using emulator = await createEmulator()
    const { port } = new URL(emulator.url)
    // `curl -X POST` sends neither Content-Length nor Transfer-Encoding.
    const socket = connect(Number(port), '127.0.0.1')
    socket.end(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    let received = ''
    for await (const part of socket) received += part
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(received).toContain(text)
  })

  it('that the client aborts leaves no line in the log', async () => {
    const lines = [vi.spyOn(console, 'error'), vi.spyOn(console, 'info'), vi.spyOn(console, 'warn')]
    await using emulator = await createEmulator()
    const { port } = new URL(emulator.url)
    for (const framing of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
      const socket = connect(Number(port), '127.0.0.1')
      const head = `POST ${paths.createSession} HTTP/1.1\r\nHost: localhost\r\n${framing}\r\n\r\n`
      socket.write(`${head}5\r\n{"Hea\r\n`)
      await new Promise((resolve) => setTimeout(resolve, 50))
      socket.destroy()
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(emulator.events).toEqual([])
    for (const line of lines) {
      expect(line).not.toHaveBeenCalled()
      line.mockRestore()
    }
  })
})

describe('the host names of the control API', () => {
  const statusFor = async (port: string, path: string, host: string) => {
    const [response]: IncomingMessage[] = await once(
      get({ host: '127.0.0.1', port, path, headers: { host } }),
      'response',
    )
    response?.resume()
    return response?.statusCode
  }

  it.each([
    ['localhost', 200],
    ['localhost:8080', 200],
    ['emulator.localhost', 200],
    ['127.0.0.1', 200],
    ['127.9.9.9:1', 200],
    ['[::1]:8080', 200],
    ['mine.test:8080', 200],
    ['evil.test', 403],
    ['localhost.evil.test', 403],
    ['127.0.0.1.evil.test', 403],
    ['evil-localhost', 403],
    ['192.168.0.1', 403],
  ])('answers the host %s with %i', async (host, status) => {
    await using emulator = await createEmulator({ controlHosts: ['Mine.test'] })
    const { port } = new URL(emulator.url)
    for (const path of ['/', '/__emulator/', '/__emulator/sessions', '/__emulator/page.js']) {
      expect([path, await statusFor(port, path, host)]).toEqual([path, status])
    }
    // The gateway itself requires a signature.
    expect(await statusFor(port, '/v2/ivh', host)).toBe(404)
  })

  it('accepts any host name when it listens for other machines', async () => {
    await using emulator = await createEmulator({ host: '0.0.0.0' })
    expect(await statusFor(new URL(emulator.url).port, '/', 'ci.test')).toBe(200)
  })
})

describe('options from untyped callers', () => {
  it.each([
    [{ hosts: '127.0.0.1' }, 'unknown-option', 'Did you mean host?'],
    [{ controlhosts: [] }, 'unknown-option', 'Did you mean controlHosts?'],
    [{ host: 1 }, 'invalid-option', 'host must be a text, got 1'],
    [{ port: '80' }, 'invalid-option', 'port must be a whole number from 0 to 65535'],
    [{ listen: 'no' }, 'invalid-option', 'listen must be true or false'],
    [{ controlHosts: 'a.test' }, 'invalid-option', 'controlHosts must be an array of texts'],
    [{ authFailure: { status: 401, code: 1, text: '' } }, 'invalid-option', 'authFailure'],
  ])('rejects %j', async (options, code, message) => {
    await expect(createEmulator(options as unknown as EmulatorOptions)).rejects.toMatchObject({
      name: 'IvhConfigError',
      code,
      message: expect.stringContaining(message),
    })
  })
})
