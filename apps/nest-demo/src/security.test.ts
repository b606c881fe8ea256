import 'reflect-metadata'
import { request } from 'node:http'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from './server/create-app.js'

describe('the demo server', () => {
  let app: NestExpressApplication
  let port: number

  beforeAll(async () => {
    app = await createApp({
      ivh: { appKey: 'key', accessToken: 'token' },
      css: { pushDomain: 'push.example.com', playDomain: 'play.example.com', pushKey: 'k' },
      assetVirtualmanKey: 'avatar',
      allowedHosts: ['Shop.example.com'],
    })
    await app.listen(0, '127.0.0.1')
    port = Number(new URL(await app.getUrl()).port)
  })
  afterAll(() => app.close())

  const statusFor = (host: string, path = '/') =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, setHost: false, headers: { host } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })

  it.each(['/', '/ivh/sessions', '/nowhere'])('protects %s by its headers', async (path) => {
    const { headers } = await fetch(`http://127.0.0.1:${port}${path}`)
    const policy = headers.get('content-security-policy') ?? ''
    for (const directive of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self' https://play.example.com",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]) {
      expect(policy).toContain(directive)
    }
    expect(policy).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('x-powered-by')).toBeNull()
  })

  it.each(['localhost', 'demo.localhost:4200', '127.0.0.1', '[::1]:80', 'shop.example.com:443'])(
    'answers for the host %s',
    async (host) => {
      expect(await statusFor(host)).not.toBe(421)
    },
  )

  it.each(['evil.example.com', 'localhost.evil.example.com', '127.0.0.1.evil.com', '', 'a b'])(
    'refuses the host "%s"',
    async (host) => {
      expect(await statusFor(host)).not.toBe(200)
      if (host !== '') expect([400, 421]).toContain(await statusFor(host, '/ivh/sessions'))
    },
  )
})
