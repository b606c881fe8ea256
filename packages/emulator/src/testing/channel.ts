import type { ServerChannel } from '../channel/server-channel'
import type { GatewayOptions } from '../options'
import { handSigned, setUpAccount } from './account'

const path = '/v2/ws/ivh/interactdriver/interactdriverservice/commandchannel'

/** One message of the emulator, as a client reads it. */
export interface Downlink {
  readonly Header: { readonly Code: number; readonly Message: string }
  readonly Payload: {
    readonly Type: number
    readonly ReqId: string
    readonly SessionId: string
    readonly Seq: number
    readonly SpeakStatus?: string
    readonly FinalType?: number
    readonly Text?: string
    readonly ErrorCode?: number
    readonly ErrorMsg?: string
  }
}

/** Makes a readable ReqId: the digit, 32 times. */
export const id = (digit: number) => String(digit).repeat(32)

/** The account, a started session and its command channel, on a virtual clock. */
export async function setUpChannel(options: GatewayOptions = {}, create: object = {}) {
  const account = setUpAccount(options)
  const sessionId = await account.open(create)
  const channel = await connect(account, sessionId)
  return { ...account, sessionId, channel }
}

/** The channel's address, signed by hand. */
export function channelUrl(timeMs: number, requestId: string, extra = ''): string {
  const text = `${extra}appkey=emulator-appkey&requestid=${requestId}&timestamp=${Math.floor(timeMs / 1000)}`
  return `http://emulator.test${path}?${text}&signature=${handSigned(text, 'emulator-accesstoken')}`
}

type Account = Pick<ReturnType<typeof setUpAccount>, 'gateway' | 'time'>

/** Opens a channel in-process; throws when it is refused. */
export async function connect(
  account: Account,
  sessionId: string,
  control?: object,
): Promise<TestChannel> {
  return (await admitted(account, sessionId, control))()
}

/** Requests a channel and returns the function that opens it. Throws when it is refused. */
export async function admitted(
  { gateway, time }: Account,
  sessionId: string,
  control?: object,
): Promise<() => TestChannel> {
  const admission = await gateway.admitChannel(
    channelUrl(time.now, sessionId),
    control && JSON.stringify(control),
  )
  if (admission.kind !== 'admitted') throw new Error(`the channel was ${admission.kind}`)
  return () => new TestChannel(sessionId, (wire) => admission.open(wire))
}

type Open = (wire: ConstructorParameters<typeof ServerChannel>[1]) => ServerChannel

/** The client's side of a channel. */
export class TestChannel {
  readonly messages: Downlink[] = []
  /** The end of the channel: the close code and reason, or `cut`. */
  end: [number, string] | 'cut' | undefined
  readonly raw: ServerChannel
  readonly #sessionId: string

  constructor(sessionId: string, open: Open) {
    this.#sessionId = sessionId
    this.raw = open({
      send: (text) => this.messages.push(JSON.parse(text)),
      close: (code, reason) => {
        this.end = [code, reason]
      },
      terminate: () => {
        this.end = 'cut'
      },
    })
  }

  send(Command: string, ReqId: string, Data: object, over: object = {}): void {
    const Payload = { ReqId, SessionId: this.#sessionId, Command, Data, ...over }
    this.raw.receive(JSON.stringify({ Header: {}, Payload }))
  }

  text(ReqId: string, Text: string, more: object = {}): void {
    this.send('SEND_TEXT', ReqId, { Text, ...more })
  }

  stream(ReqId: string, Seq: number, Text: string, more: object = {}): void {
    this.send('SEND_STREAMTEXT', ReqId, { Text, Seq, ...more })
  }

  audio(ReqId: string, Seq: number, bytes: number, more: object = {}): void {
    this.send('SEND_AUDIO', ReqId, { Audio: Buffer.alloc(bytes).toString('base64'), Seq, ...more })
  }

  /** The speak states so far: `<first digit of ReqId> <status> [Seq] [final type]`. */
  get states(): string[] {
    return this.messages
      .filter(({ Payload }) => Payload.Type === 3)
      .map(({ Payload: { ReqId, SpeakStatus, Seq, FinalType } }) =>
        [ReqId[0], SpeakStatus, Seq > 0 ? `#${Seq}` : '', FinalType ? `final ${FinalType}` : '']
          .filter(Boolean)
          .join(' '),
      )
  }

  /** The errors so far. */
  get errors(): { code: number | undefined; text: string | undefined }[] {
    return this.messages
      .filter(({ Payload }) => Payload.ErrorCode !== undefined)
      .map(({ Payload }) => ({ code: Payload.ErrorCode, text: Payload.ErrorMsg }))
  }
}
