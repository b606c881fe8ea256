import type { ChannelDrive } from '../protocol/channel-commands'

/** The text frame of one command (1240/100396). */
export function commandFrame(
  sessionId: string,
  reqId: string,
  { Command, Data }: ChannelDrive,
): string {
  return `${opening(sessionId, reqId, Command)}${JSON.stringify(Data)}}}`
}

/** Makes a frame of what one packet of a drive brings: its content and its `Seq`. */
type Framing<Content> = (content: Content, seq: number) => string

// One drive sends many packets that differ in content and Seq alone: the rest is written once.

/** Frames of SEND_STREAMTEXT, none of them the final one (1240/100399). */
export function textFrames(
  sessionId: string,
  reqId: string,
  rest: {
    readonly IsSentence?: true
    readonly SmartActionEnabled?: boolean
    readonly VideoSeiInfo?: string
  },
): Framing<string> {
  const head = `${opening(sessionId, reqId, 'SEND_STREAMTEXT')}{"Text":`
  const tail = `,${JSON.stringify({ IsFinal: false, ...rest }).slice(1, -1)},"Seq":`
  return (text, seq) => `${head}${JSON.stringify(text)}${tail}${seq}}}}`
}

/** Frames of SEND_AUDIO, none of them the final one (1240/100398). */
export function audioFrames(sessionId: string, reqId: string): Framing<Uint8Array> {
  const head = `${opening(sessionId, reqId, 'SEND_AUDIO')}{"Audio":"`
  // The global Buffer: importing its module costs a tenth of what importing this package does.
  // Base64 needs no escaping: JSON.stringify would look at each of its characters.
  return ({ buffer, byteOffset, byteLength }, seq) =>
    `${head}${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}","IsFinal":false,"Seq":${seq}}}}`
}

function opening(sessionId: string, reqId: string, command: ChannelDrive['Command']): string {
  return `{"Header":{},"Payload":{"ReqId":${JSON.stringify(reqId)},"SessionId":${JSON.stringify(sessionId)},"Command":"${command}","Data":`
}
