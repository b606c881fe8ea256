import { reqIdSchema, sendTextDataSchema, sessionIdSchema } from '@ivh-kit/core/internal/protocol'
import * as z from 'zod'
import { audioPacketBytes } from '../speech/audio-pace'

const utf8 = new TextEncoder()
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** Returns the number of bytes in a base64 text. */
function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  return (text.length / 4) * 3 - padding
}

const audio = z
  .string()
  .max(Math.ceil(audioPacketBytes / 3) * 4, {
    error: `must be at most ${audioPacketBytes} bytes (160 ms) before base64`,
  })
  .regex(base64, { error: 'must be base64' })
  .refine((text) => base64Bytes(text) <= audioPacketBytes, {
    error: `must be at most ${audioPacketBytes} bytes (160 ms) before base64`,
  })
  .refine((text) => base64Bytes(text) % 2 === 0, {
    error: 'must be 16-bit samples: an even number of bytes',
  })

const common = { ReqId: reqIdSchema, SessionId: sessionIdSchema } as const
const seq = z.int({ error: 'must be a whole number' }).min(0, { error: 'must not be negative' })

/** Schema of the client's messages on the command channel (1240/100397, 100398, 100399, 100400). */
export function uplinkSchema(streamTextLimitBytes: number) {
  return z.discriminatedUnion(
    'Command',
    [
      z.strictObject({ ...common, Command: z.literal('SEND_TEXT'), Data: sendTextDataSchema }),
      z.strictObject({
        ...common,
        Command: z.literal('SEND_STREAMTEXT'),
        Data: z.strictObject({
          Text: z.string().refine((text) => utf8.encode(text).length <= streamTextLimitBytes, {
            error: `must be at most ${streamTextLimitBytes} bytes of UTF-8`,
          }),
          /** Required, except in an interrupt. The service ignores an interrupt without `Seq`. */
          Seq: seq.optional(),
          IsFinal: z.boolean().optional(),
          Interrupt: z.boolean().optional(),
          SmartActionEnabled: z.boolean().optional(),
          IsSentence: z.boolean().optional(),
          IsInsertSentence: z.boolean().optional(),
          VideoSeiInfo: z.string().optional(),
        }),
      }),
      z.strictObject({
        ...common,
        Command: z.literal('SEND_AUDIO'),
        Data: z.strictObject({
          Audio: audio.optional(),
          Seq: seq.optional(),
          IsFinal: z.boolean().optional(),
          VideoSeiInfo: z.string().optional(),
          /** Undocumented. Tencent's Android SDK sends this flag to stop audio. */
          Interrupt: z.boolean().optional(),
        }),
      }),
      z.strictObject({
        ...common,
        Command: z.literal('SEND_HEARTBEAT'),
        Data: z.strictObject({ Text: z.string() }),
      }),
    ],
    { error: 'must be SEND_TEXT, SEND_STREAMTEXT, SEND_AUDIO or SEND_HEARTBEAT' },
  )
}

export type Uplink = z.output<ReturnType<typeof uplinkSchema>>
