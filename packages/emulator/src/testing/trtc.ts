import { deflateSync } from 'node:zlib'

/** A UserSig packed by hand; the time is that of {@link setUpAccount}'s clock. */
export function userSigOf(over: Record<string, unknown> = {}): string {
  const ticket = {
    'TLS.ver': '2.0',
    'TLS.identifier': 'kiosk-1',
    'TLS.sdkappid': 1400000001,
    'TLS.time': Date.UTC(2026, 0, 1) / 1_000,
    'TLS.expire': 3_600,
    'TLS.sig': 'c2lnbmVkIGJ5IG5vYm9keQ==',
    ...over,
  }
  const base64 = deflateSync(JSON.stringify(ticket)).toString('base64')
  return base64.replace(/[+/=]/g, (sign) => ({ '+': '*', '/': '-' })[sign] ?? '_')
}

/** `ProtocolOption` of a session in the caller's own TRTC app. */
export function externalTrtc(over: Record<string, unknown> = {}) {
  return {
    TrtcUseExternalApp: true,
    TrtcAppId: '1400000001',
    TrtcRoomId: 42,
    TrtcUserSig: userSigOf(over),
    TrtcPrivateMapKey: 'dummy',
  }
}
