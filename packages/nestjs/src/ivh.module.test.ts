import 'reflect-metadata'
import { IvhConfigError } from '@ivh-kit/core'
import { type DynamicModule, Inject, Injectable, Logger, Module } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { IvhModuleOptions } from './ivh.interfaces'
import { IvhModule } from './ivh.module'
import { IvhService } from './ivh.service'
import { emulateService } from './testing/emulated-service'

const settingsToken = Symbol('settings')

@Module({ providers: [{ provide: settingsToken, useValue: 'a-key' }], exports: [settingsToken] })
class SettingsModule {}

const { emulator } = await emulateService({ appKey: 'a-key', accessToken: 'token' })
const options = (appKey: string): IvhModuleOptions => ({ ...emulator.clientOptions, appKey })
const trtcRequest = {
  AssetVirtualmanKey: 'a',
  UserId: 'u',
  Protocol: 'trtc',
  DriverType: 1,
} as const

@Injectable()
class OptionsFactory {
  constructor(@Inject(settingsToken) private readonly appKey: string) {}
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
        inject: [settingsToken],
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
  it('provides the importing module with a client of these options', async () => {
    const app = await boot(register())
    // The emulator accepts only the app key of these options.
    await expect(app.get(Consumer).ivh.listSessionOfUin()).resolves.toBeDefined()
    await app.close()
  })

  it('is not global by default', async () => {
    await expect(boot(register(), FeatureModule)).rejects.toThrow(/FeatureModule/)
  })

  it('provides one global instance with isGlobal', async () => {
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
    'rejects %o at boot and names the option and its variable',
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

  it.each([undefined, null])('rejects a factory that returns %s', async (nothing) => {
    const useFactory = () => nothing as unknown as IvhModuleOptions
    const error = await boot(IvhModule.forRootAsync({ useFactory })).catch(
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(IvhConfigError)
    expect(String(error)).toMatch(/options of IvhModule are (undefined|null)\. Return an object/)
  })

  it('rejects two registrations in one module', async () => {
    const module = await Test.createTestingModule({
      imports: [IvhModule.forRoot(options('a-key')), IvhModule.forRoot(options('b-key'))],
    }).compile()
    await expect(module.init()).rejects.toThrow(/RootTestModule imports IvhModule 2 times/)
  })

  it('accepts an account in each of two modules', async () => {
    @Module({ imports: [IvhModule.forRoot(options('a-key'))], providers: [Consumer] })
    class FirstModule {}
    @Module({ imports: [IvhModule.forRoot(options('b-key'))], providers: [Consumer] })
    class SecondModule {}
    const app = await Test.createTestingModule({ imports: [FirstModule, SecondModule] }).compile()
    await app.init()
    const ivh = (module: typeof FirstModule) =>
      app.select(module).get(Consumer, { strict: true }).ivh
    await expect(ivh(FirstModule).listSessionOfUin()).resolves.toBeDefined()
    await expect(ivh(SecondModule).listSessionOfUin()).rejects.toMatchObject({ kind: 'api' })
    await app.close()
  })

  it('reads the options from the environment by default', async () => {
    vi.stubEnv('IVH_APP_KEY', 'key')
    vi.stubEnv('IVH_ACCESS_TOKEN', 'token')
    const app = await boot(IvhModule.forRoot({}))
    expect(app.get(Consumer).ivh).toBeInstanceOf(IvhService)
    await app.close()
  })

  it.each([
    [{ region: 'mars' as 'mainland' }, /region "mars"/],
    [{ baseUrl: 'ftp://x' }, /baseUrl must be/],
    [{ shutdownTimeoutMs: 0 }, /shutdownTimeoutMs is/],
    [{ shutdownTimeoutMs: Number.NaN }, /shutdownTimeoutMs is/],
    [{ shutdownTimeoutMs: 2 ** 31 }, /shutdownTimeoutMs is/],
  ])('rejects %o at boot', async (wrong, message) => {
    await expect(boot(IvhModule.forRoot({ ...options('a-key'), ...wrong }))).rejects.toThrow(
      message,
    )
  })
})

describe('the log', () => {
  it('logs to Nest’s logger with the context Ivh', async () => {
    const warn = vi.fn()
    const app = await boot(IvhModule.forRoot(options('a-key')))
    app.useLogger({ log: vi.fn(), warn, error: vi.fn() })
    await app.get(IvhService).createSessionByAsset(trtcRequest)
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('shared TRTC app'), 'Ivh')
    await app.close()
    Logger.overrideLogger(false)
  })

  it('logs to the logger of the options', async () => {
    const warn = vi.fn()
    const logger = { debug: vi.fn(), warn, error: vi.fn() }
    const app = await boot(IvhModule.forRoot({ ...options('a-key'), logger }))
    await app.get(IvhService).createSessionByAsset(trtcRequest)
    expect(warn).toHaveBeenCalledOnce()
    await app.close()
  })
})
