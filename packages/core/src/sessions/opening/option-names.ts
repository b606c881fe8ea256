import { IvhValidationError, isIvhError } from '../../errors'
import type { OpenSessionOptions } from './open-options'

/** The option of `sessions.open` for each field of the create request. */
const optionOfField: Readonly<Record<string, string>> = {
  UserId: 'userId',
  Protocol: 'protocol',
  DriverType: 'driverType',
  SessionId: 'sessionId',
  AssetVirtualmanKey: 'assetVirtualmanKey',
  VirtualmanProjectId: 'virtualmanProjectId',
  StreamMaxInterval: 'streamMaxIntervalMs',
  AnchorParam: 'anchor',
  Backgrounds: 'backgrounds',
  Foregrounds: 'foregrounds',
  SpeechParam: 'speech',
  'SpeechParam.Speed': 'speech.speed',
  'SpeechParam.Volume': 'speech.volume',
  'SpeechParam.TimbreKey': 'speech.timbreKey',
  'SpeechParam.TimbreLanguage': 'speech.timbreLanguage',
  'ExtraInfo.AlphaChannelEnable': 'alphaChannel',
  'ProtocolOption.CssCustomPushUrl': 'cssCustomPushUrl',
  'ProtocolOption.TrtcAppId': 'trtc.appId',
  'ProtocolOption.TrtcRoomId': 'trtc.roomId',
  'ProtocolOption.TrtcStrRoomId': 'trtc.strRoomId',
  'ProtocolOption.TrtcUserSig': 'trtc.userSig',
  'ProtocolOption.TrtcPrivateMapKey': 'trtc.privateMapKey',
}

/** Replaces the wire's field names in a validation error by the caller's option names. */
export function withOptionNames(error: unknown, options: OpenSessionOptions): unknown {
  if (!isIvhError(error) || error.kind !== 'validation') return error
  const issues = error.issues.map(({ path, message }) => ({
    path: optionOf(path.replace(/^Payload\./, ''), options),
    message,
  }))
  const { reqId, path, sessionId, hint, cause } = error
  return new IvhValidationError(issues, {
    ...{ reqId, path, sessionId, hint },
    ...(cause !== undefined && { cause }),
  })
}

function optionOf(field: string, { request = {} }: OpenSessionOptions): string {
  const [first = ''] = field.split('.')
  // Keep this name: the caller wrote the field in the `request` option, in the wire's names.
  if (Object.hasOwn(request, first)) return `request.${field}`
  const exact = optionOfField[field]
  if (exact !== undefined) return exact
  const layer = /^(Backgrounds|Foregrounds)\.(\d+)(?:\.(\w+))?$/.exec(field)
  if (layer) {
    const [, list = '', index = '', member] = layer
    return [list.toLowerCase(), index, member?.toLowerCase()].filter(Boolean).join('.')
  }
  const option = optionOfField[first]
  return option === undefined ? field : [option, ...field.split('.').slice(1)].join('.')
}
