import * as z from 'zod'
import { sendTextDataSchema } from './command'
import { reqIdSchema, sessionIdSchema } from './fields'

/** The command channel's path; one channel per session, opened after startsession (1240/100396). */
export const commandChannelPath = '/v2/ws/ivh/interactdriver/interactdriverservice/commandchannel'

const seqSchema = z.int({ error: 'must be a whole number' }).min(1, { error: 'starts at 1' })

/** `Data` of SEND_STREAMTEXT: the increments of one text, all under one ReqId (1240/100399). */
export const sendStreamTextDataSchema = z.strictObject({
  Text: z.string(),
  Seq: seqSchema,
  IsFinal: z.boolean().optional(),
  Interrupt: z.boolean().optional(),
  SmartActionEnabled: z.boolean().optional(),
  IsSentence: z.boolean().optional(),
  IsInsertSentence: z.boolean().optional(),
  VideoSeiInfo: z.string().optional(),
})

/** `Data` of SEND_AUDIO: base64 of 16 kHz 16-bit mono PCM; empty in the final packet (1240/100398). */
export const sendAudioDataSchema = z.strictObject({
  Audio: z.string(),
  Seq: seqSchema,
  IsFinal: z.boolean().optional(),
  VideoSeiInfo: z.string().optional(),
})

/** `Data` of SEND_HEARTBEAT (1240/100400). */
export const sendHeartbeatDataSchema = z.strictObject({ Text: z.literal('PING') })

const common = { ReqId: reqIdSchema, SessionId: sessionIdSchema }

/** `Payload` of every message to the service on the command channel. */
export const channelCommandSchema = z.discriminatedUnion('Command', [
  z.strictObject({ ...common, Command: z.literal('SEND_TEXT'), Data: sendTextDataSchema }),
  z.strictObject({
    ...common,
    Command: z.literal('SEND_STREAMTEXT'),
    Data: sendStreamTextDataSchema,
  }),
  z.strictObject({ ...common, Command: z.literal('SEND_AUDIO'), Data: sendAudioDataSchema }),
  z.strictObject({
    ...common,
    Command: z.literal('SEND_HEARTBEAT'),
    Data: sendHeartbeatDataSchema,
  }),
])
export type ChannelCommand = z.input<typeof channelCommandSchema>
/** A command without the ids that the channel adds. */
export type ChannelCommandBody = ChannelCommand extends infer Command
  ? Command extends ChannelCommand
    ? Pick<Command, 'Command' | 'Data'>
    : never
  : never
