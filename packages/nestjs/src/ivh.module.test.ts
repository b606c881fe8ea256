import 'reflect-metadata'
import { IvhConfigError } from '@ivh-kit/core'
import { type DynamicModule, Inject, Injectable, Logger, Module } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { IvhModuleOptions } from './ivh.interfaces'
import { IvhModule } from './ivh.module'
import { IvhService } from './ivh.service'
import { ScriptedService } from './testing/scripted-service'

const SETTINGS = Symbol('settings')

@Module({ providers: [{ provide: SETTINGS, useValue: 'a-key' }], exports: [SETTINGS] })
class SettingsModule {}

const service = new ScriptedService()
const options = (appKey: string): IvhModuleOptions => ({
  appKey,
  accessToken: 'token',
  transport: service.transport,
})

@Injectable()
class OptionsFactory {
  constructor(@Inject(SETTINGS) private readonly appKey: string) {}
  create(): IvhModuleOptions {
    return options(this.appKey)
  }
}

@Module({
  imports: [SettingsModule],
  providers: [OptionsFactory],
  exports: [OptionsFactory],
})
class OptionsModule {}

@Injectable()
class Consumer {
  constructor(@Inject(IvhService) readonly ivh: IvhService) {}
}

@Module({ providers: [Consumer] })
class FeatureModule {}

const boot = (...imports: (DynamicModule | typeof FeatureModule)[]) =>
  Test.createTestingModule({ imports, providers: [Consumer] }).compile()

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

const ways: [string, (isGlobal?: boolean) => DynamicModule][] = [
  ['forRoot', (isGlobal) => IvhModule.forRoot({ ...options('a-key'), ...global(isGlobal) })],
  [
    'forRootAsync with useFactory',
    (isGlobal) =>
      IvhModule.forRootAsync({
        imports: [SettingsModule],
        inject: [SETTINGS],
        useFactory: async (appKey: string) => options(appKey),
        ...global(isGlobal),
      }),
  ],
  [
    'forRootAsync with useClass',
    (isGlobal) =>
      IvhModule.forRootAsync({
        imports: [SettingsModule],
        useClass: OptionsFactory,
        ...global(isGlobal),
      }),
  ],
  [
    'forRootAsync with useExisting',
    (isGlobal) =>
      IvhModule.forRootAsync({
        imports: [OptionsModule],
        useExisting: OptionsFactory,
        ...global(isGlobal),
      }),
  ],
]

function global(isGlobal: boolean | undefined): { isGlobal?: boolean } {
  return isGlobal === undefined ? {} : { isGlobal }
}

describe.each(ways)('IvhModule.%s', (_name, register) => {
  it('gives the importing module a client with these options', async () => {
    const sent: string[] = []
    const spy = vi.spyOn(service.transport, 'send').mockImplementation(async ({ path }) => {
      sent.push(path)
      return { status: 200, body: service.answer('statsession') }
    })
    const app = await boot(register())
    await app.get(Consumer).ivh.statSession({ SessionId: 'm1' })
    expect(spy).toHaveBeenCalledOnce()
    expect(new URLSearchParams(sent[0]?.split('?')[1]).get('appkey')).toBe('a-key')
    await app.close()
  })

  it('is not global by default', async () => {
    await expect(boot(register(), FeatureModule)).rejects.toThrow(/FeatureModule/)
  })

  it('is global with isGlobal, as one instance', async () => {
    const app = await boot(register(true), FeatureModule)
    const inner = app.select(FeatureModule).get(Consumer, { strict: true })
    expect(inner.ivh).toBeInstanceOf(IvhService)
    expect(inner.ivh).toBe(app.get(IvhService))
    await app.close()
  })
})

describe('options', () => {
  it.each([
    [{ accessToken: 'token' }, 'appKey', 'IVH_APP_KEY'],
    [{ appKey: 'key' }, 'accessToken', 'IVH_ACCESS_TOKEN'],
  ])(
    '%o is refused at boot, naming the option and the variable',
    async (given, option, variable) => {
      vi.stubEnv('IVH_APP_KEY', '')
      vi.stubEnv('IVH_ACCESS_TOKEN', '')
      for (const module of [
        IvhModule.forRoot(given),
        IvhModule.forRootAsync({ useFactory: () => given }),
      ]) {
        const error = await boot(module).catch((reason: unknown) => reason)
        expect(error).toBeInstanceOf(IvhConfigError)
        expect(String(error)).toContain(`${option} is missing`)
        expect(String(error)).toContain(variable)
      }
    },
  )

  it('come from the environment when none are given', async () => {
    vi.stubEnv('IVH_APP_KEY', 'key')
    vi.stubEnv('IVH_ACCESS_TOKEN', 'token')
    const app = await boot(IvhModule.forRoot({}))
    expect(app.get(Consumer).ivh).toBeInstanceOf(IvhService)
    await app.close()
  })

  it.each([
    [{ region: 'mars' as 'mainland' }, /region "mars"/],
    [{ baseUrl: 'ftp://x' }, /baseUrl must be/],
    [{ shutdownTimeoutMs: 0 }, /shutdownTimeoutMs must be/],
    [{ shutdownTimeoutMs: Number.NaN }, /shutdownTimeoutMs must be/],
    [{ shutdownTimeoutMs: 2 ** 31 }, /shutdownTimeoutMs must be/],
  ])('%o is refused at boot', async (wrong, message) => {
    await expect(boot(IvhModule.forRoot({ ...options('key'), ...wrong }))).rejects.toThrow(message)
  })
})

describe('the log', () => {
  it('goes through Nest’s own, under the context Ivh', async () => {
    const warn = vi.fn()
    const app = await boot(IvhModule.forRoot(options('key')))
    app.useLogger({ log: vi.fn(), warn, error: vi.fn() })
    await app.get(IvhService).createSessionByAsset({
      AssetVirtualmanKey: 'a',
      UserId: 'u',
      Protocol: 'trtc',
      DriverType: 1,
    })
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('shared TRTC app'), 'Ivh')
    await app.close()
    Logger.overrideLogger(false)
  })

  it('goes to a logger of one’s own when there is one', async () => {
    const warn = vi.fn()
    const logger = { debug: vi.fn(), warn, error: vi.fn() }
    const app = await boot(IvhModule.forRoot({ ...options('key'), logger }))
    await app.get(IvhService).createSessionByAsset({
      AssetVirtualmanKey: 'a',
      UserId: 'u',
      Protocol: 'trtc',
      DriverType: 1,
    })
    expect(warn).toHaveBeenCalledOnce()
    await app.close()
  })
})
