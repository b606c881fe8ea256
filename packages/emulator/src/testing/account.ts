import { createHash, createHmac } from 'node:crypto'
import { createFakeClock } from '@ivh-kit/kernel/testing'
import { createGateway, type Gateway } from '../gateway/gateway'
import type { GatewayOptions } from '../options'

export const paths = {
  createSession: '/v2/ivh/sessionmanager/sessionmanagerservice/createsession',
  createSessionByAsset: '/v2/ivh/sessionmanager/sessionmanagerservice/createsessionbyasset',
  statSession: '/v2/ivh/sessionmanager/sessionmanagerservice/statsession',
  startSession: '/v2/ivh/sessionmanager/sessionmanagerservice/startsession',
  closeSession: '/v2/ivh/sessionmanager/sessionmanagerservice/closesession',
  listSessionOfUin: '/v2/ivh/sessionmanager/sessionmanagerservice/listsessionofuin',
  listSessionOfProjectId: '/v2/ivh/sessionmanager/sessionmanagerservice/listsessionofprojectid',
  listSessionOfAssetVk: '/v2/ivh/sessionmanager/sessionmanagerservice/listsessionofassetvk',
  updateSessionConfig: '/v2/ivh/sessionmanager/sessionmanagerservice/updatesessionconfig',
  getTrtcSign: '/v2/ivh/sessionmanager/sessionmanagerservice/gettrtcsign',
  command: '/v2/ivh/interactdriver/interactdriverservice/command',
} as const

/** ReqId of 32 hexadecimal characters, the same in every run. */
export const reqId = createHash('md5').update('a request').digest('hex')

export interface Answer {
  readonly httpStatus: number
  readonly Code: number
  readonly Message: string
  readonly Header: Record<string, unknown>
  readonly Payload: Record<string, unknown>
}

/** Signs by hand, independently of the kit's signer. */
export function handSigned(stringToSign: string, accessToken: string): string {
  const base64 = createHmac('sha256', accessToken).update(stringToSign).digest('base64')
  return base64.replaceAll('+', '%2B').replaceAll('/', '%2F').replaceAll('=', '%3D')
}

/** A gateway on a virtual clock and a caller that signs by hand. */
export function setUpAccount(options: GatewayOptions = {}) {
  const { clock, timers: time } = createFakeClock()
  const gateway = createGateway({ clock, ...options })
  return { time, gateway, ...callerOf(gateway, time) }
}

type FakeTimers = ReturnType<typeof createFakeClock>['timers']

function callerOf(gateway: Gateway, time: FakeTimers) {
  const query = () => {
    const text = `appkey=emulator-appkey&timestamp=${Math.floor(time.now / 1000)}`
    return `${text}&signature=${handSigned(text, 'emulator-accesstoken')}`
  }
  const send = (
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    search = query(),
    headers: Record<string, string> = {},
  ) =>
    gateway.fetch(
      new Request(`http://emulator.test${path}?${search}`, { method: 'POST', body, headers }),
    )
  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, search = query()) =>
    readAnswer(await send(path, body, search))
  const call = (name: keyof typeof paths, payload: object) =>
    post(paths[name], JSON.stringify({ Header: {}, Payload: { ReqId: reqId, ...payload } }))
  const create = (payload: object = {}) =>
    call('createSessionByAsset', {
      AssetVirtualmanKey: 'presenter',
      UserId: 'kiosk-1',
      Protocol: 'rtmp',
      DriverType: 1,
      ...payload,
    })
  /** Creates a session, waits until it is ready, starts it and returns its id. */
  const open = async (payload: object = {}) => {
    const SessionId = String((await create(payload)).Payload.SessionId)
    await time.tickAsync(1_000)
    await call('startSession', { SessionId })
    return SessionId
  }
  const say = (SessionId: string, Data: object = { Text: 'Hello' }) =>
    call('command', { SessionId, Command: 'SEND_TEXT', Data })
  return { query, send, post, call, create, open, say }
}

export async function readAnswer(response: Response): Promise<Answer> {
  const { Header, Payload } = (await response.json()) as {
    Header: { Code: number; Message: string }
    Payload: Record<string, unknown>
  }
  const { Code, Message } = Header
  return { httpStatus: response.status, Code, Message, Header: { ...Header }, Payload }
}
