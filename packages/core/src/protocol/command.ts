import * as z from 'zod'
import { reqIdSchema, sessionIdSchema, wholeNumber } from './fields'

/**
 * Maximum length of a SEND_TEXT, in UTF-8 bytes. Page 1240/100397 says "bytes"; the HTTP page names no unit.
 */
export const sendTextLimitBytes = 4000

const utf8 = new TextEncoder()

/** `Data` of SEND_TEXT (1240/100397, 1240/100404, 1211/62120). */
export const sendTextDataSchema = z.strictObject({
  Text: z
    .string()
    .refine((text) => utf8.encode(text).length <= sendTextLimitBytes, {
      error: `must be at most ${sendTextLimitBytes} bytes of UTF-8`,
    })
    .optional(),
  Interrupt: z.boolean().optional(),
  ChatCommand: z.string().optional(),
  ChatRoundId: z.string().optional(),
  CloudAiVisitorBizId: z.string().max(64).optional(),
  VideoSeiInfo: z.string().optional(),
  SmartActionEnabled: z.boolean().optional(),
  /** An undocumented field; Tencent's H5 SDK sends 1. */
  EnhanceText: wholeNumber.optional(),
})

/**
 * `command`: drive by HTTP. The endpoint accepts SEND_TEXT only and answers with `Header.Code` (1211/62120).
 */
export const commandRequestSchema = z.strictObject({
  ReqId: reqIdSchema,
  SessionId: sessionIdSchema,
  Command: z.literal('SEND_TEXT', { error: 'must be "SEND_TEXT", the only command over HTTP' }),
  Data: sendTextDataSchema,
})
export type CommandRequest = z.input<typeof commandRequestSchema>
