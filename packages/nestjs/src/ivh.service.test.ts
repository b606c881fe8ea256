import 'reflect-metadata'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { createIvhClient, type IvhClient } from '@ivh-kit/core'
import { Inject, Injectable, Logger, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import type { IvhModuleOptions } from './ivh.interfaces'
import { IvhModule } from './ivh.module'
import { IvhService } from './ivh.service'
import { ManualClock } from './testing/manual-clock'
import { envelope, ScriptedService } from './testing/scripted-service'

const open = { assetVirtualmanKey: 'a', userId: 'u', protocol: 'webrtc' } as const

afterEach(() => {
  Logger.overrideLogger(false)
})

/** A whole Nest application with its HTTP server, and what it logs as errors. */
async function setUp(options: IvhModuleOptions = {}) {
  const service = new ScriptedService()
  const errors: string[] = []
  const { transport } = service
  @Module({
    imports: [IvhModule.forRoot({ appKey: 'key', accessToken: 'token', transport, ...options })],
  })
  class AppModule {}
  const logger = {
    log() {},
    warn() {},
    error: (message: string) => errors.push(message),
  }
  const app = await NestFactory.create(AppModule, { logger, abortOnError: false })
  await app.listen(0, '127.0.0.1')
  return { app, ivh: app.get(IvhService), service, errors }
}

describe('the surface', () => {
  it('is the client’s, by type', () => {
    expectTypeOf<IvhService>().toExtend<IvhClient>()
    expectTypeOf<keyof IvhClient>().toExtend<keyof IvhService>()
    expectTypeOf<IvhService['createSessionByAsset']>().toEqualTypeOf<
      IvhClient['createSessionByAsset']
    >()
  })

  it('is the client’s, member by member', async () => {
    const client = createIvhClient({ appKey: 'key', accessToken: 'token' })
    const { app, ivh } = await setUp()
    for (const name of Reflect.ownKeys(client) as (keyof IvhClient)[]) {
      expect(typeof ivh[name], String(name)).toBe(typeof client[name])
    }
    await app.close()
    await client.close()
  })

  it('leads each method to its endpoint', async () => {
    const { app, ivh, service } = await setUp()
    const create = { UserId: 'u', Protocol: 'rtmp', DriverType: 1 } as const
    const session = { SessionId: 'm1' }
    await ivh.createSessionByAsset({ ...create, AssetVirtualmanKey: 'a' })
    await ivh.createSession({ ...create, VirtualmanProjectId: 'p' })
    await ivh.statSession(session)
    await ivh.startSession(session)
    await ivh.closeSession(session)
    await ivh.listSessionOfUin()
    await ivh.listSessionOfProjectId({ VirtualmanProjectId: 'p' })
    await ivh.listSessionOfAssetVk({ AssetVirtualmanKey: 'a' })
    await ivh.updateSessionConfig(session)
    service.override.set('gettrtcsign', () => envelope(0, { UserSig: 's' }))
    await ivh.getTrtcSign({ ...session, UserId: 'v', StrRoomId: 'r' })
    await ivh.command({ ...session, Command: 'SEND_TEXT', Data: { Text: 'Hi' } })
    await ivh.call('/v2/ivh/x/tomorrow', session)
    expect(service.calls).toEqual([
      'createsessionbyasset',
      'createsession',
      'statsession',
      'startsession',
      'closesession',
      'listsessionofuin',
      'listsessionofprojectid',
      'listsessionofassetvk',
      'updatesessionconfig',
      'gettrtcsign',
      'command',
      'tomorrow',
    ])
    await app.close()
  })

  it('hands call options on', async () => {
    const { app, ivh } = await setUp()
    const signal = AbortSignal.abort()
    for (const call of [
      ivh.statSession({ SessionId: 'm1' }, { signal }),
      ivh.startSession({ SessionId: 'm1' }, { signal }),
      ivh.closeSession({ SessionId: 'm1' }, { signal }),
      ivh.command({ SessionId: 'm1', Command: 'SEND_TEXT', Data: {} }, { signal }),
    ]) {
      await expect(call).rejects.toMatchObject({ kind: 'abort' })
    }
    await app.close()
  })

  it('can be disposed of', async () => {
    const service = new ScriptedService()
    {
      const { transport } = service
      await using ivh = new IvhService({ appKey: 'key', accessToken: 'token', transport })
      await ivh.sessions.open(open)
      expect(service.live.size).toBe(1)
    }
    expect(service.live.size).toBe(0)
  })
})

describe('app.close()', () => {
  it('closes every session', async () => {
    const { app, ivh, service, errors } = await setUp()
    await ivh.sessions.open(open)
    await ivh.sessions.open({ ...open, userId: 'v' })
    expect(service.live.size).toBe(2)
    await app.close()
    expect(service.live.size).toBe(0)
    await expect(ivh.sessions.open(open)).rejects.toMatchObject({ reason: 'client-closed' })
    expect(errors).toEqual([])
  })

  it('closes one that is being opened', async () => {
    const { app, ivh, service } = await setUp()
    let answer = () => {}
    const asked = new Promise<void>((resolveAsked) => {
      service.override.set('createsessionbyasset', () => {
        resolveAsked()
        return new Promise((resolve) => {
          answer = () => resolve(service.answer('createsessionbyasset'))
        })
      })
    })
    const refused = expect(ivh.sessions.open(open)).rejects.toMatchObject({
      reason: 'client-closed',
    })
    await asked
    const closing = app.close()
    await refused
    answer()
    await closing
    expect(service.calls).toContain('closesession')
    expect(service.live.size).toBe(0)
  })

  it('does not wait for HTTP connections before it closes them', async () => {
    const { app, ivh, service } = await setUp()
    await ivh.sessions.open(open)
    // A request that has been sent in part: the server waits for the rest of it.
    const { port } = app.getHttpServer().address()
    const page = connect(port, '127.0.0.1')
    await once(page, 'connect')
    page.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n')
    const server: Server = app.getHttpServer()
    await once(server, 'request')
    let closed = false
    const closing = app.close().then(() => {
      closed = true
    })
    await vi.waitFor(() => expect(service.live.size).toBe(0))
    expect(closed).toBe(false)
    page.destroy()
    await closing
  })

  it('may be called twice', async () => {
    const { app, ivh, service } = await setUp()
    await ivh.sessions.open(open)
    await app.close()
    await app.close().catch((error: unknown) => {
      // Nest's own HTTP server may refuse to be closed again; the sessions do not mind.
      expect(error).toMatchObject({ code: 'ERR_SERVER_NOT_RUNNING' })
    })
    expect(service.calls.filter((call) => call === 'closesession')).toHaveLength(1)
  })

  it('gives up after shutdownTimeoutMs and says which sessions are left', async () => {
    const clock = new ManualClock()
    const { app, ivh, service, errors } = await setUp({ clock, shutdownTimeoutMs: 7_000 })
    await ivh.sessions.open(open)
    service.override.set('closesession', () => new Promise(() => {}))
    const closing = app.close()
    await vi.waitFor(() => expect(service.calls).toContain('closesession'))
    clock.fire(7_000)
    await closing
    expect(errors).toEqual([
      'Closing the sessions took longer than 7000 ms; they may still be paid for: m1',
    ])
  })

  it('waits 10 s by default, and leaves no timer of its own', async () => {
    const clock = new ManualClock()
    const { app, ivh } = await setUp({ clock })
    await ivh.sessions.open(open)
    const set = vi.spyOn(clock, 'after')
    await app.close()
    expect(set.mock.calls.map(([delayMs]) => delayMs)).toContain(10_000)
    expect(clock.timers).toEqual([])
  })

  it('logs why a session could not be closed, and goes on', async () => {
    const { app, ivh, service, errors } = await setUp()
    await ivh.sessions.open(open)
    service.override.set('closesession', () => envelope(100005))
    await app.close()
    // Once before and once after the HTTP server has stopped.
    expect(errors).toHaveLength(2)
    for (const error of errors) {
      expect(error).toContain('Closing the sessions failed; some may still be paid for')
      expect(error).toContain('100005')
    }
  })

  it('tries a close that failed again when the HTTP server has stopped', async () => {
    const { app, ivh, service, errors } = await setUp()
    await ivh.sessions.open(open)
    service.override.set('closesession', () => {
      service.override.delete('closesession')
      return envelope(100005)
    })
    await app.close()
    expect(errors).toHaveLength(1)
    expect(service.live.size).toBe(0)
  })

  it('comes after the hooks of the modules that use the service', async () => {
    const service = new ScriptedService()
    const { transport } = service
    let liveInHook: number | undefined
    @Injectable()
    class Visitors {
      constructor(@Inject(IvhService) readonly ivh: IvhService) {}
      beforeApplicationShutdown(): void {
        liveInHook = service.live.size
      }
    }
    @Module({
      imports: [IvhModule.forRoot({ appKey: 'key', accessToken: 'token', transport })],
      providers: [Visitors],
    })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false })
    await app.get(Visitors).ivh.sessions.open(open)
    await app.close()
    expect(liveInHook).toBe(1)
    expect(service.live.size).toBe(0)
  })
})
