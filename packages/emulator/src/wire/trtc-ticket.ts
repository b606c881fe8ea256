import { deflateSync, inflateSync } from 'node:zlib'
import * as z from 'zod'

/** Maximum size of an unpacked ticket, in bytes. A small text can unpack to gigabytes. */
const maxTicketBytes = 16 * 1024

const ticketSchema = z.looseObject({
  'TLS.ver': z.literal('2.0'),
  'TLS.identifier': z.string(),
  'TLS.sdkappid': z.number(),
  'TLS.time': z.number(),
  'TLS.expire': z.number(),
  'TLS.sig': z.string().min(1),
})

/** Content of a UserSig or a PrivateMapKey. */
export type TrtcTicket = z.output<typeof ticketSchema>

/** Packs a ticket: JSON, deflated, in base64 with `*-_` for `+/=`. This is TRTC's own format, not base64url. */
export function packTicket(ticket: TrtcTicket): string {
  return deflateSync(JSON.stringify(ticket))
    .toString('base64')
    .replaceAll('+', '*')
    .replaceAll('/', '-')
    .replaceAll('=', '_')
}

/** Unpacks a ticket. Returns undefined for any other text. */
export function unpackTicket(text: string): TrtcTicket | undefined {
  if (!/^[A-Za-z0-9*_-]+$/.test(text)) return undefined
  const base64 = text.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=')
  try {
    const bytes = inflateSync(Buffer.from(base64, 'base64'), { maxOutputLength: maxTicketBytes })
    const result = ticketSchema.safeParse(JSON.parse(bytes.toString()))
    return result.success ? result.data : undefined
  } catch {
    return undefined
  }
}
