import { packTicket } from './trtc-ticket'

/** The SDKAppId that stands for the platform's own TRTC app. */
export const platformTrtcAppId = '1400000000'

const validSeconds = 24 * 60 * 60

/** Credentials in the form of TRTC's own. They are marked as the emulator's and open no room. */
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
