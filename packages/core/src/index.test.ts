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

  it('of a speech handle are promises, and steps to be looped over', () => {
    expectTypeOf<IvhSession['say']>().returns.toEqualTypeOf<core.SpeechHandle>()
    expectTypeOf<IvhSession['sendAudio']>().returns.toEqualTypeOf<core.SpeechHandle>()
    expectTypeOf<core.SpeechHandle['started']>().resolves.toEqualTypeOf<boolean>()
    expectTypeOf<core.SpeechHandle['interrupted']>().resolves.toEqualTypeOf<boolean>()
    expectTypeOf<core.SpeechHandle['finished']>().resolves.toEqualTypeOf<core.SpeechOutcome>()
    expectTypeOf<
      core.SpeechHandle['interrupt']
    >().returns.resolves.toEqualTypeOf<core.SpeechOutcome>()
    expectTypeOf<core.SpeechHandle>().toExtend<AsyncIterable<core.SpeechProgress>>()
    expectTypeOf<core.SpeechProgress['kind']>().toEqualTypeOf<core.DownlinkKind>()
  })

  it('of what can be said and sounded take texts and streams of them, and nothing else', () => {
    const _take = (
      session: IvhSession,
      texts: AsyncIterable<string>,
      sound: AsyncIterable<Uint8Array>,
      bytes: AsyncIterable<Buffer>,
    ) => {
      session.say('text')
      session.say(core.ssml`a ${1} ${core.ssml`b`}`)
      session.say(texts, { mode: 'fragment', signal: undefined })
      session.sendAudio(sound, { live: true })
      session.sendAudio(bytes)
      // @ts-expect-error a number is no text
      session.say(5)
      // @ts-expect-error a promise is awaited first
      session.say(Promise.resolve('text'))
      // @ts-expect-error sound is not said
      session.say(sound)
      // @ts-expect-error there is no such mode
      session.say(texts, { mode: 'word' })
      // @ts-expect-error texts make no sound
      session.sendAudio(texts)
      // @ts-expect-error a block is no stream
      session.sendAudio(new Uint8Array(5_120))
      // @ts-expect-error what stands in SSML is a text, a number or SSML
      core.ssml`a ${{ b: 1 }}`
    }
    expectTypeOf<core.SsmlValue>().toEqualTypeOf<string | number | core.Ssml>()
    expectTypeOf(core.ssml).returns.toEqualTypeOf<core.Ssml>()
  })

  it('of events are told apart, all of them', () => {
    const _read = (event: core.AnySessionEvent): unknown => {
      switch (event.type) {
        case 'ready':
          return expectTypeOf(event.detail.reconnected).toEqualTypeOf<boolean>()
        case 'speaking':
        case 'idle':
          return expectTypeOf(event.detail).toEqualTypeOf<Record<string, never>>()
        case 'reconnecting':
          return expectTypeOf(event.detail.delayMs).toEqualTypeOf<number>()
        case 'disconnected':
        case 'heartbeat-missed':
          return expectTypeOf(event.detail.error).toEqualTypeOf<core.IvhError>()
        case 'heartbeat':
          return expectTypeOf(event.detail.reqId).toEqualTypeOf<string>()
        case 'message':
          return expectTypeOf(event.detail.message).toEqualTypeOf<core.DownlinkMessage>()
        case 'closed':
          return expectTypeOf(event.detail.reason).toEqualTypeOf<core.CloseReason>()
        default:
          // An event that is new and not here does not compile.
          return expectTypeOf(event).toBeNever()
      }
    }
    expectTypeOf<IvhSession>().toExtend<AsyncIterable<core.AnySessionEvent>>()
    expectTypeOf<IvhSession>().toExtend<EventTarget>()
    const _listen = (session: IvhSession) => {
      session.addEventListener('closed', ({ detail }) => {
        expectTypeOf(detail.error).toEqualTypeOf<core.IvhError | undefined>()
      })
      const any = (event: Event) => event.type
      session.addEventListener('idle', any, { once: true })
      session.removeEventListener('idle', any)
      // @ts-expect-error there is no such event
      session.addEventListener('closd', any)
      // @ts-expect-error a status has no reason
      session.addEventListener('ready', ({ detail }) => detail.reason)
    }
  })

  it('of errors are told apart by their kind, all of them', () => {
    const _read = (error: unknown): unknown => {
      if (!core.isIvhError(error)) return expectTypeOf(error).toBeUnknown()
      switch (error.kind) {
        case 'api':
          expectTypeOf(error).toEqualTypeOf<core.IvhApiError>()
          expectTypeOf(error.payload).toBeUnknown()
          expectTypeOf(error.retry).toEqualTypeOf<core.RetryClass>()
          return expectTypeOf(error.status).toEqualTypeOf<number | undefined>()
        case 'transport':
          return expectTypeOf(error.notSent).toEqualTypeOf<boolean>()
        case 'timeout':
          return expectTypeOf(error.timeoutMs).toEqualTypeOf<number>()
        case 'session':
          return expectTypeOf(error.reason).toEqualTypeOf<core.SessionFailure>()
        case 'plugin':
          return expectTypeOf(error.plugin).toEqualTypeOf<string>()
        case 'validation':
        case 'response-shape':
          return expectTypeOf(error.issues[0]?.path).toEqualTypeOf<string | undefined>()
        case 'abort':
        case 'config':
          return expectTypeOf(error.cause).toBeUnknown()
        default:
          return expectTypeOf(error).toBeNever()
      }
    }
    const category = (error: unknown) =>
      core.isApiError(error, 'concurrency') ? error.category : undefined
    expectTypeOf(category).returns.toExtend<core.CodeCategory | undefined>()
    expectTypeOf<core.DocumentedCode>().toExtend<number>()
    expectTypeOf(core.errorCodes[100008]).toEqualTypeOf<core.CodeInfo>()
  })

  it('of a client take what is added to calls, and what is changed for some', () => {
    const _use = (ivh: IvhClient) => {
      const changed = ivh.withOptions({ timeoutMs: 1, query: { Language: 'en-US' } })
      expectTypeOf(changed).toEqualTypeOf<IvhClient>()
      // @ts-expect-error the connections stay what they are
      ivh.withOptions({ transport: core.createUndiciTransport() })
      // @ts-expect-error a misspelt option is none
      ivh.withOptions({ timeoutMS: 1 })
      // @ts-expect-error a header is a text
      ivh.withOptions({ headers: { a: 1 } })
      void ivh.statSession({ SessionId: 'm' }, { onResponse: ({ requestId }) => requestId })
    }
    expectTypeOf<core.ResponseInfo['requestId']>().toEqualTypeOf<string | undefined>()
  })

  it('of a plugin know what its slots are given, without being told', () => {
    core.definePlugin({
      name: 'looking',
      onRequest: (request) => {
        expectTypeOf(request).toEqualTypeOf<core.ObservedRequest>()
        return {
          onEnd: (outcome) => expectTypeOf(outcome).toEqualTypeOf<core.RequestOutcome>(),
        }
      },
      onResume: ({ state }) => void expectTypeOf(state).toEqualTypeOf<string | undefined>(),
      onEvent: (event) => expectTypeOf(event).toEqualTypeOf<core.PluginEvent>(),
    })
    // @ts-expect-error a plugin has a name
    core.definePlugin({ setup: () => {} })
    const onOpen = (draft: CreateDraft) => ({ request: { ...draft, Protocol: 'x' } })
    // @ts-expect-error there is no such protocol
    core.definePlugin({ name: 'wrong', onOpen })
  })

  it('of what plugins look on at are told apart, and hold no body', () => {
    const latency = (event: core.PluginEvent) =>
      event.type === 'speech-started' ? event.detail.latencyMs : undefined
    expectTypeOf(latency).returns.toEqualTypeOf<number | undefined>()
    expectTypeOf<keyof core.ObservedRequest>().toEqualTypeOf<
      'method' | 'origin' | 'path' | 'reqId' | 'sessionId' | 'openId'
    >()
    expectTypeOf<core.RequestOutcome['error']>().toEqualTypeOf<AnyIvhError | undefined>()
    expectTypeOf<core.IvhPlugin['onEvent']>().toEqualTypeOf<
      ((event: core.PluginEvent, session: IvhSession) => void) | undefined
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
