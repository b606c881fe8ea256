import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createEmulator } from './create-emulator'
import { handSigned, paths, readAnswer, reqId } from './testing/account'

/** As they are before the first emulator starts. */
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

  it('leaves the globals of its host alone', async () => {
    await using emulator = await createEmulator()
    await fetch(emulator.url)
    expect(globalThis.Request).toBe(untouched.Request)
    expect(globalThis.Response).toBe(untouched.Response)
  })

  it('closes twice without complaint and frees the port', async () => {
    const emulator = await createEmulator()
    const port = Number(new URL(emulator.url).port)
    await fetch(emulator.url)
    await Promise.all([emulator.close(), emulator.close()])
    await emulator.close()
    await expect(fetch(emulator.url)).rejects.toThrow()
    await using again = await createEmulator({ port })
    expect(again.url).toBe(emulator.url)
  })

  it('does not wait for a connection that is kept open', async () => {
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

  it('rejects when the port is taken', async () => {
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
})
