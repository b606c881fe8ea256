import { deflateSync, inflateSync } from 'node:zlib'
import * as z from 'zod'

/** Larger ones are no ticket; a small text may deflate to gigabytes. */
const maxTicketBytes = 16 * 1024

const ticketSchema = z.looseObject({
  'TLS.ver': z.literal('2.0'),
  'TLS.identifier': z.string(),
  'TLS.sdkappid': z.number(),
  'TLS.time': z.number(),
  'TLS.expire': z.number(),
  'TLS.sig': z.string().min(1),
})

/** What a UserSig or a PrivateMapKey holds. */
export type TrtcTicket = z.output<typeof ticketSchema>

/** JSON, deflated, base64 with `*-_` for `+/=`: TRTC's own form, not base64url. */
export function packTicket(ticket: TrtcTicket): string {
  return deflateSync(JSON.stringify(ticket))
    .toString('base64')
    .replaceAll('+', '*')
    .replaceAll('/', '-')
    .replaceAll('=', '_')
}

/** Undefined for what is no ticket. */
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
