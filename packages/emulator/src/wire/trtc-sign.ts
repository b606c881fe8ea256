import { packTicket } from './trtc-ticket'

/** Emulated SDKAppId of the platform's TRTC app. */
export const platformTrtcAppId = '1400000000'

const validSeconds = 24 * 60 * 60

/** Makes credentials in TRTC's format. They are marked as emulated and open no real room. */
export function emulatedTrtcSign(user: string, room: string, nowMs: number) {
  const ticket = {
    'TLS.ver': '2.0',
    'TLS.identifier': user,
    'TLS.sdkappid': Number(platformTrtcAppId),
    'TLS.expire': validSeconds,
    'TLS.time': Math.floor(nowMs / 1000),
    'TLS.sig': Buffer.from('emulated by ivh-emulator, opens no room').toString('base64'),
  } as const
  const userBuf = Buffer.from(`emulated by ivh-emulator: ${room}`).toString('base64')
  return {
    userSig: packTicket(ticket),
    privateMapKey: packTicket({ ...ticket, 'TLS.userbuf': userBuf }),
  }
}
