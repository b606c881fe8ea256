import * as z from 'zod'
import { lenient, lenientFlag, lenientNumber, lenientText } from './lenient'

/**
 * `Payload` of a message of the service on the command channel (1240/100401, 1211/62116). Missing fields stay
 * missing and unknown fields are kept. Only the fields that assign the message to a command must be valid.
 */
export const downlinkPayloadSchema = z.looseObject({
  Type: lenientNumber,
  SessionId: z.string().nullish(),
  ReqId: z.string().nullish(),
  Seq: lenientNumber,
  SpeakStatus: lenientText,
  FinalType: lenientNumber,
  Text: lenientText,
  TextPro: lenientText,
  TextDisplay: lenientText,
  ContentType: lenient(z.union([z.number(), z.string()])),
  TtsSupport: lenientFlag,
  Final: lenientFlag,
  IsHighLight: lenientFlag,
  Uninterrupt: lenientFlag,
  Muted: lenientFlag,
  InteractionType: lenientText,
  InteractionContent: lenientText,
  CloudAiExtra: lenientText,
  ErrorCode: lenientNumber,
  ErrorMsg: lenientText,
  ErrorMessage: lenientText,
})

/** A complete message. `Header` may be missing; `Header` or `Payload` may hold an error. */
export const downlinkSchema = z.looseObject({
  Header: lenient(
    z.looseObject({ Code: lenientNumber, Message: lenientText, RequestID: lenientText }),
  ),
  Payload: downlinkPayloadSchema.nullish(),
})
export type DownlinkPayload = z.infer<typeof downlinkPayloadSchema>

/** The kind of a message; `other` for a type that this version does not know. */
export type DownlinkKind =
  | 'error'
  | 'input'
  | 'content'
  | 'status'
  | 'answer'
  | 'reasoning'
  | 'dropped'
  | 'other'

/** The form of the content to show (1240/100401 by number, 1211/62116 by name). */
export type DownlinkContentType =
  | 'unknown'
  | 'text'
  | 'ordered-list'
  | 'unordered-list'
  | 'image'
  | 'link'
  | 'table'
  | 'heading'
  | 'ssml'

/** A message of the service, in the same form for all spellings on the wire. */
export interface DownlinkMessage {
  readonly kind: DownlinkKind
  readonly sessionId: string | undefined
  /** The ReqId of its command. */
  readonly reqId: string | undefined
  /** The number of the sentence in a stream, otherwise 0. */
  readonly seq: number
  /** `TextStart`, `TextOver`, `SentenceNext`, …; only for `kind: 'status'`. */
  readonly speakStatus: string | undefined
  /** `FinalType` of `AudioOver`: 1 after the final packet, 2 after the service's timeout. */
  readonly finalType: number | undefined
  /** The question, or the repeated input. */
  readonly text: string | undefined
  /** The spoken text, with SSML. */
  readonly spokenText: string | undefined
  /** The text to show. */
  readonly displayText: string | undefined
  readonly contentType: DownlinkContentType | undefined
  /** True for the last sentence of an answer. */
  readonly final: boolean
  readonly error: { readonly code: number; readonly message: string } | undefined
  /** The service's trace id. */
  readonly requestId: string | undefined
  /**
   * The payload in the wire's names, with unknown fields. A field with an unexpected type is undefined.
   */
  readonly payload: DownlinkPayload
  /** The complete message, unchanged. */
  readonly raw: unknown
}

const kinds: Readonly<Record<number, DownlinkKind>> = {
  0: 'error',
  1: 'input',
  2: 'content',
  3: 'status',
  4: 'answer',
  5: 'reasoning',
  7: 'dropped',
  9: 'error',
}

const contentTypes: Readonly<Record<string, DownlinkContentType>> = {
  0: 'unknown',
  1: 'text',
  2: 'ordered-list',
  3: 'unordered-list',
  4: 'image',
  5: 'link',
  6: 'table',
  8: 'heading',
  9: 'ssml',
  orderedlist: 'ordered-list',
  unorderedlist: 'unordered-list',
  image: 'image',
  hyperlink: 'link',
  list: 'table',
}

/**
 * Parses one text frame of the channel.
 *
 * @throws ZodError or SyntaxError for an invalid message.
 */
export function readDownlink(frame: string): DownlinkMessage {
  const raw: unknown = JSON.parse(frame)
  const { Header, Payload } = downlinkSchema.parse(raw)
  const payload = Payload ?? {}
  const code = Header?.Code || payload.ErrorCode || 0
  const message = [Header?.Message, payload.ErrorMsg, payload.ErrorMessage].find(Boolean) ?? ''
  const kind = kinds[payload.Type ?? -1] ?? 'other'
  const failed = code !== 0 || kind === 'error' || payload.SpeakStatus === 'Error'
  return {
    kind: failed && kind === 'other' ? 'error' : kind,
    sessionId: payload.SessionId || undefined,
    reqId: payload.ReqId || undefined,
    seq: payload.Seq ?? 0,
    speakStatus: payload.SpeakStatus || undefined,
    finalType: payload.FinalType ?? undefined,
    text: payload.Text ?? undefined,
    spokenText: payload.TextPro ?? undefined,
    displayText: payload.TextDisplay ?? undefined,
    contentType: readContentType(payload.ContentType),
    final: payload.Final ?? false,
    // Use -111005, the code for a failed command, when the service gives none.
    error: failed ? { code: code || -111005, message } : undefined,
    requestId: Header?.RequestID || undefined,
    payload,
    raw,
  }
}

function readContentType(
  value: number | string | null | undefined,
): DownlinkContentType | undefined {
  if (value === null || value === undefined || value === '') return undefined
  return contentTypes[String(value).toLowerCase()] ?? 'unknown'
}
