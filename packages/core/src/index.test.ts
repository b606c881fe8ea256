import { describe, expect, expectTypeOf, it } from 'vitest'
import type {
  AnyIvhError,
  CallPayload,
  CallResult,
  CreateDraft,
  IvhClient,
  IvhSession,
  OpenByAssetOptions,
  OpenByProjectOptions,
  OpenSessionOptions,
  Playback,
  SessionContribution,
  StatSessionResponse,
} from './index'
import * as core from './index'
import * as protocol from './protocol'

describe('the package', () => {
  it('exports what is meant to be used, and nothing of its tests', () => {
    expect(Object.keys(core).sort()).toMatchObject(
      expect.arrayContaining([
        'IvhSession',
        'createIvhClient',
        'cssStream',
        'isIvhError',
        'sign',
        'telemetry',
        'trtcRoom',
      ]),
    )
    const names = [...Object.keys(core), ...Object.keys(protocol)].join()
    expect(names).not.toMatch(/scripted|virtual(?!man)|memory|test/i)
  })
})

/** Checked by `tsc`; a promise that is broken does not compile. */
describe('the types', () => {
  it('of a payload omit what the client adds and keep the wire’s names', () => {
    type Asset = CallPayload<'createSessionByAsset'>
    expectTypeOf<Asset['ReqId']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<{
      AssetVirtualmanKey: 'a'
      UserId: 'u'
      Protocol: 'rtmp'
      DriverType: 1
    }>().toExtend<Asset>()
    expectTypeOf<{ AssetVirtualmanKey: 'a'; UserId: 'u' }>().not.toExtend<Asset>()
    expectTypeOf<Asset['Protocol']>().toEqualTypeOf<'rtmp' | 'trtc' | 'webrtc'>()
    expectTypeOf<Asset['DriverType']>().toEqualTypeOf<1 | 3>()
    expectTypeOf<CallPayload<'createSession'>>().not.toHaveProperty('AssetVirtualmanKey')
    expectTypeOf<CallPayload<'command'>['Command']>().toEqualTypeOf<'SEND_TEXT'>()
    expectTypeOf<{ SessionId: string }>().toExtend<CallPayload<'statSession'>>()
  })

  it('of an answer know their fields, and others only as unknown', () => {
    expectTypeOf<CallResult<'createSession'>['SessionId']>().toEqualTypeOf<string>()
    expectTypeOf<StatSessionResponse['SessionStatus']>().toEqualTypeOf<number>()
    expectTypeOf<StatSessionResponse['PlayStreamAddr']>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<StatSessionResponse['Tomorrow']>().toEqualTypeOf<unknown>()
    expectTypeOf<IvhClient['statSession']>().returns.resolves.toEqualTypeOf<StatSessionResponse>()
  })

  it('of playback are optional one by one', () => {
    expectTypeOf<Playback>().toEqualTypeOf<{
      readonly rtmp?: string
      readonly flv?: string
      readonly hls?: string
      readonly webrtc?: string
      readonly trtc?: string
    }>()
    // biome-ignore lint/complexity/noBannedTypes: the empty object is what is meant
    expectTypeOf<{}>().toExtend<Playback>()
  })

  it('of open allow an asset or a project, not both', () => {
    type Least = { userId: string; protocol: 'rtmp' }
    expectTypeOf<Least & { assetVirtualmanKey: string }>().toExtend<OpenSessionOptions>()
    expectTypeOf<Least & { virtualmanProjectId: string }>().toExtend<OpenSessionOptions>()
    expectTypeOf<Least>().not.toExtend<OpenSessionOptions>()
    expectTypeOf<
      Least & { assetVirtualmanKey: string; virtualmanProjectId: string }
    >().not.toExtend<OpenSessionOptions>()
    expectTypeOf<
      Least & { virtualmanProjectId: string; speech: { speed: number } }
    >().not.toExtend<OpenSessionOptions>()
    // Options may be passed on undefined, also under exactOptionalPropertyTypes.
    type Passed = OpenByAssetOptions | OpenByProjectOptions
    expectTypeOf<Passed['signal']>().toEqualTypeOf<AbortSignal | undefined>()
    expectTypeOf<
      Least & { assetVirtualmanKey: string; signal: undefined; driverType: undefined }
    >().toExtend<OpenSessionOptions>()
  })

  it('of errors are told apart by their kind', () => {
    const codeOf = (error: unknown) =>
      core.isIvhError(error) && error.kind === 'api' ? error.code : undefined
    expectTypeOf(codeOf).returns.toEqualTypeOf<number | undefined>()
    expectTypeOf<AnyIvhError['kind']>().toEqualTypeOf<core.IvhErrorKind>()
    expectTypeOf<AnyIvhError>().toExtend<core.IvhError>()
  })

  it('of a refusal keep the other categories when one is ruled out', () => {
    const rest = (error: unknown) => {
      if (!core.isIvhError(error) || core.isApiError(error, 'concurrency')) return undefined
      return error.kind === 'api' ? error.code : undefined
    }
    expectTypeOf(rest).returns.toEqualTypeOf<number | undefined>()
    const without = (error: AnyIvhError) => (core.isApiError(error) ? undefined : error.kind)
    expectTypeOf(without).returns.not.toEqualTypeOf<core.IvhErrorKind | undefined>()
  })

  it('of the lists, of gettrtcsign and of a call by path are what they promise', () => {
    expectTypeOf<IvhClient['listSessionOfUin']>().returns.resolves.toEqualTypeOf<
      CallResult<'listSessionOfProjectId'>
    >()
    type Listed = CallResult<'listSessionOfUin'>['Sessions'][number]
    expectTypeOf<Listed['DriverType']>().toEqualTypeOf<number | null | undefined>()
    expectTypeOf<Listed['Tomorrow']>().toEqualTypeOf<unknown>()
    expectTypeOf<CallResult<'getTrtcSign'>['UserSig']>().toEqualTypeOf<string>()
    expectTypeOf<{ SessionId: 'm' }>().toExtend<CallPayload<'updateSessionConfig'>>()
    expectTypeOf<IvhClient['call']>().returns.resolves.toBeUnknown()
    // The limits of a call may be passed on undefined.
    expectTypeOf<{ timeoutMs: undefined; maxRetries: undefined }>().toExtend<core.CallOptions>()
  })

  it('of sessions and clients can be used with `await using`', () => {
    expectTypeOf<IvhSession>().toExtend<AsyncDisposable>()
    expectTypeOf<IvhClient>().toExtend<AsyncDisposable>()
  })

  it('of plugins carry the extension from the plugin to the session', () => {
    const counter = core.definePlugin({
      name: 'counter',
      onOpen: async (draft) => {
        expectTypeOf(draft).toEqualTypeOf<CreateDraft>()
        return draft.UserId ? { extension: { count: 1 } } : undefined
      },
    })
    expectTypeOf(counter).toEqualTypeOf<core.IvhPlugin<{ count: number }>>()
    const read = (session: IvhSession) => session.extension(counter)
    expectTypeOf(read).returns.toEqualTypeOf<{ count: number } | undefined>()
    // Without one there is none to read.
    const idle = core.definePlugin({ name: 'idle', onOpen: (draft) => ({ request: draft }) })
    expectTypeOf(idle).toEqualTypeOf<core.IvhPlugin<undefined>>()
    // Any plugin fits where plugins are listed.
    expectTypeOf<core.IvhPlugin<{ count: number }>>().toExtend<core.IvhPlugin>()
    expectTypeOf(core.trtcRoom).returns.toEqualTypeOf<core.IvhPlugin<core.TrtcRoom>>()
    expectTypeOf(core.telemetry).returns.toEqualTypeOf<core.IvhPlugin<undefined>>()
    expectTypeOf<IvhSession['pluginState']>().toEqualTypeOf<Readonly<Record<string, string>>>()
  })

  it('of what plugins look on at are told apart, and hold no body', () => {
    const latency = (event: core.ObservedEvent) =>
      event.type === 'speech-started' ? event.detail.latencyMs : undefined
    expectTypeOf(latency).returns.toEqualTypeOf<number | undefined>()
    expectTypeOf<keyof core.ObservedRequest>().toEqualTypeOf<
      'method' | 'origin' | 'path' | 'reqId' | 'sessionId' | 'openId'
    >()
    expectTypeOf<core.RequestOutcome['error']>().toEqualTypeOf<AnyIvhError | undefined>()
    expectTypeOf<core.IvhPlugin['onEvent']>().toEqualTypeOf<
      ((event: core.ObservedEvent, session: IvhSession) => void) | undefined
    >()
    type Heard = core.DiagnosticsMessages['ivh:request:end']
    expectTypeOf<Heard['request']>().toEqualTypeOf<core.ObservedRequest>()
  })

  it('have no any', () => {
    expectTypeOf<core.IvhPlugin>().not.toBeAny()
    expectTypeOf<core.TrtcViewer['userSig']>().toEqualTypeOf<string>()
    expectTypeOf<core.TelemetryTracer['startSpan']>().returns.not.toBeAny()
    expectTypeOf<CallPayload<'createSession'>>().not.toBeAny()
    expectTypeOf<CallPayload<'createSessionByAsset'>>().not.toBeAny()
    expectTypeOf<CallResult<'createSessionByAsset'>>().not.toBeAny()
    expectTypeOf<CallResult<'closeSession'>>().not.toBeAny()
    expectTypeOf<CreateDraft>().not.toBeAny()
    expectTypeOf<NonNullable<CreateDraft['ProtocolOption']>>().not.toBeAny()
    expectTypeOf<SessionContribution>().not.toBeAny()
    expectTypeOf<IvhClient['sessions']['open']>().parameter(0).toEqualTypeOf<OpenSessionOptions>()
    expectTypeOf<IvhClient['sessions']['open']>().returns.resolves.toEqualTypeOf<IvhSession>()
    expectTypeOf(core.redact).returns.toBeUnknown()
    expectTypeOf<AnyIvhError['cause']>().toBeUnknown()
  })
})
