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
import * as telemetry from './plugins/telemetry'
import * as trtc from './plugins/trtc'

describe('the package root', () => {
  it('exports the values that applications use, and nothing else', () => {
    expect(Object.keys(core).sort()).toEqual([
      ...['IvhAbortError', 'IvhApiError', 'IvhConfigError', 'IvhError', 'IvhPluginError'],
      ...['IvhResponseShapeError', 'IvhSessionError', 'IvhSessionEvent', 'IvhTimeoutError'],
      ...['IvhTransportError', 'IvhValidationError', 'Ssml', 'closeType', 'consoleLogger'],
      ...['createIvhClient', 'createUndiciTransport', 'definePlugin', 'describeCode'],
      ...['docsPathOf', 'endpointNames', 'errorCodes', 'gatewayUrls', 'httpStatusOf'],
      ...['isApiError', 'isIvhError', 'redact', 'redactText', 'sessionStatus', 'ssml'],
      'systemClock',
    ])
  })
})

/** `tsc` runs these checks: a wrong type does not compile. */
describe('the public types', () => {
  it('omit from payloads the members that the client adds, and keep the names of the service', () => {
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

  it('name the known fields of a response and type the others as unknown', () => {
    expectTypeOf<CallResult<'createSession'>['SessionId']>().toEqualTypeOf<string>()
    expectTypeOf<StatSessionResponse['SessionStatus']>().toEqualTypeOf<number>()
    expectTypeOf<StatSessionResponse['PlayStreamAddr']>().toEqualTypeOf<string | null | undefined>()
    expectTypeOf<StatSessionResponse['Tomorrow']>().toEqualTypeOf<unknown>()
    expectTypeOf<IvhClient['statSession']>().returns.resolves.toEqualTypeOf<StatSessionResponse>()
  })

  it('make every address of playback optional', () => {
    expectTypeOf<Playback>().toEqualTypeOf<{
      readonly rtmp?: string
      readonly flv?: string
      readonly hls?: string
      readonly webrtc?: string
      readonly trtc?: string
    }>()
    // biome-ignore lint/complexity/noBannedTypes: the test needs the empty object
    expectTypeOf<{}>().toExtend<Playback>()
  })

  it('allow open with an asset or a project, not with both', () => {
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
    // Every option accepts undefined, also under exactOptionalPropertyTypes.
    type Passed = OpenByAssetOptions | OpenByProjectOptions
    expectTypeOf<Passed['signal']>().toEqualTypeOf<AbortSignal | undefined>()
    expectTypeOf<
      Least & { assetVirtualmanKey: string; signal: undefined; driverType: undefined }
    >().toExtend<OpenSessionOptions>()
  })

  it('distinguish errors by kind', () => {
    const codeOf = (error: unknown) =>
      core.isIvhError(error) && error.kind === 'api' ? error.code : undefined
    expectTypeOf(codeOf).returns.toEqualTypeOf<number | undefined>()
    expectTypeOf<AnyIvhError['kind']>().toEqualTypeOf<core.IvhErrorKind>()
    expectTypeOf<AnyIvhError>().toExtend<core.IvhError>()
  })

  it('keep the other error categories after one is excluded', () => {
    const rest = (error: unknown) => {
      if (!core.isIvhError(error) || core.isApiError(error, 'concurrency')) return undefined
      return error.kind === 'api' ? error.code : undefined
    }
    expectTypeOf(rest).returns.toEqualTypeOf<number | undefined>()
    const without = (error: AnyIvhError) => (core.isApiError(error) ? undefined : error.kind)
    expectTypeOf(without).returns.not.toEqualTypeOf<core.IvhErrorKind | undefined>()
  })

  it('describe the lists, gettrtcsign and client.call', () => {
    expectTypeOf<IvhClient['listSessionOfUin']>().returns.resolves.toEqualTypeOf<
      CallResult<'listSessionOfProjectId'>
    >()
    type Listed = CallResult<'listSessionOfUin'>['Sessions'][number]
    expectTypeOf<Listed['DriverType']>().toEqualTypeOf<number | null | undefined>()
    expectTypeOf<Listed['Tomorrow']>().toEqualTypeOf<unknown>()
    expectTypeOf<CallResult<'getTrtcSign'>['UserSig']>().toEqualTypeOf<string>()
    expectTypeOf<{ SessionId: 'm' }>().toExtend<CallPayload<'updateSessionConfig'>>()
    expectTypeOf<IvhClient['call']>().returns.resolves.toBeUnknown()
    // Every limit of a call accepts undefined.
    expectTypeOf<{ timeoutMs: undefined; maxRetries: undefined }>().toExtend<core.CallOptions>()
  })

  it('allow `await using` for sessions and clients', () => {
    expectTypeOf<IvhSession>().toExtend<AsyncDisposable>()
    expectTypeOf<IvhClient>().toExtend<AsyncDisposable>()
  })

  it('carry the extension from the plugin to the session', () => {
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
    // A plugin without an extension has the type `IvhPlugin<undefined>`.
    const idle = core.definePlugin({ name: 'idle', onOpen: (draft) => ({ request: draft }) })
    expectTypeOf(idle).toEqualTypeOf<core.IvhPlugin<undefined>>()
    // Any plugin is assignable to an element of `plugins`.
    expectTypeOf<core.IvhPlugin<{ count: number }>>().toExtend<core.IvhPlugin>()
    expectTypeOf(trtc.trtcRoom).returns.toEqualTypeOf<core.IvhPlugin<trtc.TrtcRoom>>()
    expectTypeOf(telemetry.telemetry).returns.toEqualTypeOf<core.IvhPlugin<undefined>>()
    expectTypeOf<IvhSession['pluginState']>().toEqualTypeOf<Readonly<Record<string, string>>>()
  })

  it('give a speech handle promises and an iterator of progress', () => {
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

  it('accept texts and streams for say, streams of bytes for sendAudio, and nothing else', () => {
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
      // @ts-expect-error a number is not a text
      session.say(5)
      // @ts-expect-error a promise must be awaited first
      session.say(Promise.resolve('text'))
      // @ts-expect-error audio is not a text
      session.say(sound)
      // @ts-expect-error the mode does not exist
      session.say(texts, { mode: 'word' })
      // @ts-expect-error texts are not audio
      session.sendAudio(texts)
      // @ts-expect-error one block is not a stream
      session.sendAudio(new Uint8Array(5_120))
      // @ts-expect-error SSML takes a text, a number or SSML
      core.ssml`a ${{ b: 1 }}`
    }
    expectTypeOf<core.SsmlValue>().toEqualTypeOf<string | number | core.Ssml>()
    expectTypeOf(core.ssml).returns.toEqualTypeOf<core.Ssml>()
  })

  it('distinguish every session event by type', () => {
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
          // A new event without a case does not compile.
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
      // @ts-expect-error the event does not exist
      session.addEventListener('closd', any)
      // @ts-expect-error ready has no reason
      session.addEventListener('ready', ({ detail }) => detail.reason)
    }
  })

  it('distinguish every error by kind', () => {
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

  it('type the options of withOptions and of a call', () => {
    const _use = (ivh: IvhClient) => {
      const changed = ivh.withOptions({ timeoutMs: 1, query: { Language: 'en-US' } })
      expectTypeOf(changed).toEqualTypeOf<IvhClient>()
      // @ts-expect-error withOptions cannot change the connections
      ivh.withOptions({ transport: core.createUndiciTransport() })
      // @ts-expect-error the option is misspelt
      ivh.withOptions({ timeoutMS: 1 })
      // @ts-expect-error a header must be a text
      ivh.withOptions({ headers: { a: 1 } })
      void ivh.statSession({ SessionId: 'm' }, { onResponse: ({ requestId }) => requestId })
    }
    expectTypeOf<core.ResponseInfo['requestId']>().toEqualTypeOf<string | undefined>()
  })

  it('infer the parameters of plugin slots', () => {
    core.definePlugin({
      name: 'watcher',
      onRequest: (request) => {
        expectTypeOf(request).toEqualTypeOf<core.ObservedRequest>()
        return {
          onEnd: (outcome) => expectTypeOf(outcome).toEqualTypeOf<core.RequestOutcome>(),
        }
      },
      onResume: ({ state }) => void expectTypeOf(state).toEqualTypeOf<string | undefined>(),
      onEvent: (event) => expectTypeOf(event).toEqualTypeOf<core.PluginEvent>(),
    })
    // @ts-expect-error a plugin must have a name
    core.definePlugin({ setup: () => {} })
    const onOpen = (draft: CreateDraft) => ({ request: { ...draft, Protocol: 'x' } })
    // @ts-expect-error the protocol does not exist
    core.definePlugin({ name: 'wrong', onOpen })
  })

  it('distinguish plugin events by type and expose no body', () => {
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
    type Message = core.DiagnosticsMessages['ivh:request:end']
    expectTypeOf<Message['request']>().toEqualTypeOf<core.ObservedRequest>()
  })

  it('contain no any', () => {
    expectTypeOf<core.IvhPlugin>().not.toBeAny()
    expectTypeOf<trtc.TrtcViewer['userSig']>().toEqualTypeOf<string>()
    expectTypeOf<telemetry.TelemetryTracer['startSpan']>().returns.not.toBeAny()
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
