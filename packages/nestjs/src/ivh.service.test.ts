import 'reflect-metadata'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { createIvhClient, type IvhClient } from '@ivh-kit/core'
import { Controller, Inject, Injectable, Logger, Module, Param, Post } from '@nestjs/common'
import { LazyModuleLoader, NestFactory, REQUEST } from '@nestjs/core'
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import type { IvhModuleOptions } from './ivh.interfaces'
import { IvhModule } from './ivh.module'
import { IvhService } from './ivh.service'
import { emulateService } from './testing/emulated-service'

const open = { assetVirtualmanKey: 'a', userId: 'u', protocol: 'webrtc' } as const

afterEach(() => {
  Logger.overrideLogger(false)
})

/** A Nest application with its HTTP server, and the errors that it logs. */
async function setUp(options: IvhModuleOptions = {}) {
  const service = await emulateService()
  const errors: string[] = []
  @Module({ imports: [IvhModule.forRoot({ ...service.emulator.clientOptions, ...options })] })
  class AppModule {}
  const logger = {
    log() {},
    warn() {},
    error: (message: string) => errors.push(message),
  }
  const app = await NestFactory.create(AppModule, { logger, abortOnError: false })
  await app.listen(0, '127.0.0.1')
  return { ...service, app, ivh: app.get(IvhService), errors }
}

describe('IvhService', () => {
  it('has the type of the client', () => {
    expectTypeOf<IvhService>().toExtend<IvhClient>()
    expectTypeOf<IvhService['createSessionByAsset']>().toEqualTypeOf<
      IvhClient['createSessionByAsset']
    >()
  })

  it('has every member of the client', async () => {
    const client = createIvhClient({ appKey: 'key', accessToken: 'token' })
    const { app, ivh } = await setUp()
    const names = Reflect.ownKeys(client) as (keyof IvhClient)[]
    expect(names).toContain('statSession')
    for (const name of names) expect(typeof ivh[name], String(name)).toBe(typeof client[name])
    await app.close()
    await client.close()
  })

  it('calls the endpoint of each method', async () => {
    const { app, ivh, emulator } = await setUp()
    const { SessionId } = await ivh.createSessionByAsset({
      UserId: 'u',
      Protocol: 'rtmp',
      DriverType: 1,
      AssetVirtualmanKey: 'a',
    })
    await ivh.statSession({ SessionId })
    await ivh.startSession({ SessionId })
    await ivh.command({ SessionId, Command: 'SEND_TEXT', Data: { Text: 'Hi' } })
    await ivh.listSessionOfUin()
    await ivh.call('/v2/ivh/sessionmanager/sessionmanagerservice/statsession', { SessionId })
    await ivh.closeSession({ SessionId })
    expect(emulator.calls.map(({ name }) => name)).toEqual([
      'createSessionByAsset',
      'statSession',
      'startSession',
      'command',
      'listSessionOfUin',
      'statSession',
      'closeSession',
    ])
    await app.close()
  })

  it('passes call options on', async () => {
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

  it('closes its sessions when it is disposed', async () => {
    const { emulator, openSessions } = await emulateService()
    {
      await using ivh = new IvhService(emulator.clientOptions)
      await ivh.sessions.open(open)
      expect(openSessions()).toBe(1)
    }
    expect(openSessions()).toBe(0)
  })
})

describe('app.close()', () => {
  it('closes every session', async () => {
    const { app, ivh, openSessions, errors } = await setUp()
    await ivh.sessions.open(open)
    await ivh.sessions.open({ ...open, userId: 'v' })
    expect(openSessions()).toBe(2)
    await app.close()
    expect(openSessions()).toBe(0)
    await expect(ivh.sessions.open(open)).rejects.toMatchObject({ reason: 'client-closed' })
    expect(errors).toEqual([])
  })

  it('closes a session that is opening', async () => {
    const { app, ivh, emulator, count, openSessions, timers } = await setUp()
    emulator.faults.plan([{ on: 'createSessionByAsset', delayMs: 1_000 }])
    const refused = expect(ivh.sessions.open(open)).rejects.toMatchObject({
      reason: 'client-closed',
    })
    await vi.waitFor(() => expect(count('createSessionByAsset')).toBe(1))
    const closing = app.close()
    await refused
    await timers.tickAsync(1_000)
    await closing
    expect(count('closeSession')).toBeGreaterThan(0)
    expect(openSessions()).toBe(0)
  })

  it('closes the sessions before it waits for HTTP connections', async () => {
    const { app, ivh, openSessions } = await setUp()
    await ivh.sessions.open(open)
    // The server waits for the rest of this request.
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
    await vi.waitFor(() => expect(openSessions()).toBe(0))
    expect(closed).toBe(false)
    page.destroy()
    await closing
  })

  it('closes each session once when it is called twice', async () => {
    const { app, ivh, count } = await setUp()
    await ivh.sessions.open(open)
    await app.close()
    await app.close().catch((error: unknown) => {
      // Nest's own HTTP server rejects a second close.
      expect(error).toMatchObject({ code: 'ERR_SERVER_NOT_RUNNING' })
    })
    expect(count('closeSession')).toBe(1)
  })

  it('gives up after shutdownTimeoutMs and logs the open sessions', async () => {
    const { app, ivh, emulator, count, timers, errors } = await setUp({ shutdownTimeoutMs: 7_000 })
    const { id } = await ivh.sessions.open(open)
    emulator.faults.plan([{ on: 'closeSession', delayMs: 1_000_000, times: 100 }])
    const closing = app.close()
    await vi.waitFor(() => expect(count('closeSession')).toBe(1))
    await timers.tickAsync(7_000)
    await closing
    expect(errors).toEqual([
      `Closing the sessions timed out after 7000 ms; they may still cost money: ${id}`,
    ])
  })

  it('has one deadline for the hooks of all modules', async () => {
    const { emulator, timers, count } = await emulateService()
    const errors: string[] = []
    @Injectable()
    class SlowModule {
      constructor(@Inject(IvhService) readonly ivh: IvhService) {}
      beforeApplicationShutdown(): Promise<void> {
        return new Promise((resolve) => timers.setTimeout(() => resolve(), 6_000))
      }
    }
    const module = IvhModule.forRoot({ ...emulator.clientOptions, shutdownTimeoutMs: 7_000 })
    @Module({ imports: [module], providers: [SlowModule] })
    class AppModule {}
    const logger = { log() {}, warn() {}, error: (message: string) => errors.push(message) }
    const app = await NestFactory.createApplicationContext(AppModule, { logger })
    await app.get(SlowModule).ivh.sessions.open(open)
    emulator.faults.plan([{ on: 'closeSession', delayMs: 1_000_000, times: 100 }])
    let closed = false
    const closing = app.close().then(() => {
      closed = true
    })
    await timers.tickAsync(6_000)
    await vi.waitFor(() => expect(count('closeSession')).toBe(1))
    await timers.tickAsync(999)
    expect(closed).toBe(false)
    await timers.tickAsync(1)
    await closing
    expect(errors).toHaveLength(1)
  })

  it('closes the sessions of clients with request-scoped options', async () => {
    const { emulator, openSessions } = await emulateService()
    @Controller()
    class GreetingController {
      constructor(@Inject(IvhService) readonly ivh: IvhService) {}
      @Post('greet/:userId')
      async greet(@Param('userId') userId: string): Promise<void> {
        await this.ivh.sessions.open({ ...open, userId })
      }
    }
    const module = IvhModule.forRootAsync({
      inject: [REQUEST],
      useFactory: () => emulator.clientOptions,
    })
    @Module({ imports: [module], controllers: [GreetingController] })
    class AppModule {}
    const app = await NestFactory.create(AppModule, { logger: false })
    await app.listen(0, '127.0.0.1')
    const url = `http://127.0.0.1:${app.getHttpServer().address().port}`
    for (const userId of ['a', 'b', 'c']) await fetch(`${url}/greet/${userId}`, { method: 'POST' })
    expect(openSessions()).toBe(3)
    await app.close()
    expect(openSessions()).toBe(0)
  })

  it('closes the sessions of clients in lazily loaded modules', async () => {
    const { emulator, openSessions } = await emulateService()
    @Module({ imports: [IvhModule.forRoot(emulator.clientOptions)] })
    class LazyModule {}
    @Module({})
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false })
    const lazy = await app.get(LazyModuleLoader).load(() => LazyModule)
    await lazy.get(IvhService, { strict: false }).sessions.open(open)
    expect(openSessions()).toBe(1)
    await app.close()
    expect(openSessions()).toBe(0)
  })

  it('waits 10 s by default and leaves no timer', async () => {
    const service = await emulateService()
    const after = vi.spyOn(service.clock, 'after')
    const app = new IvhService(service.emulator.clientOptions)
    await app.sessions.open(open)
    after.mockClear()
    await app.beforeApplicationShutdown()
    expect(after.mock.calls.map(([delayMs]) => delayMs)).toContain(10_000)
    expect(service.timers.countTimers()).toBe(0)
  })

  it('logs why a session could not be closed', async () => {
    const { app, ivh, emulator, errors } = await setUp()
    await ivh.sessions.open(open)
    emulator.faults.plan([{ on: 'closeSession', code: 100005, times: 100 }])
    await app.close()
    // The first error comes before the HTTP server stops, the second one after that.
    expect(errors).toHaveLength(2)
    for (const error of errors) {
      expect(error).toContain('Closing the sessions failed; some may still cost money')
      expect(error).toContain('100005')
    }
  })

  it('tries a failed close again after the HTTP server has stopped', async () => {
    const { app, ivh, emulator, openSessions, errors } = await setUp()
    await ivh.sessions.open(open)
    emulator.faults.plan([{ on: 'closeSession', code: 100005 }])
    await app.close()
    expect(errors).toHaveLength(1)
    expect(openSessions()).toBe(0)
  })

  it('closes the sessions after the shutdown hooks of the modules that use them', async () => {
    const { emulator, openSessions } = await emulateService()
    let openInHook: number | undefined
    @Injectable()
    class Visitors {
      constructor(@Inject(IvhService) readonly ivh: IvhService) {}
      beforeApplicationShutdown(): void {
        openInHook = openSessions()
      }
    }
    @Module({ imports: [IvhModule.forRoot(emulator.clientOptions)], providers: [Visitors] })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, { logger: false })
    await app.get(Visitors).ivh.sessions.open(open)
    await app.close()
    expect(openInHook).toBe(1)
    expect(openSessions()).toBe(0)
  })
})
