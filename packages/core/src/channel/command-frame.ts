import { Buffer } from 'node:buffer'
import type { ChannelDrive } from '../protocol/channel-commands'

/** The text frame of one command (1240/100396). */
export function commandFrame(
  sessionId: string,
  reqId: string,
  { Command, Data }: ChannelDrive,
): string {
  return JSON.stringify({
    Header: {},
    Payload: { ReqId: reqId, SessionId: sessionId, Command, Data },
  })
}

/**
 * Makes the frames of one audio drive. Base64 needs no escaping, so that the audio is put into a text
 * made once instead of going through JSON.stringify, which looks at every character.
 */
export function audioFrames(
  sessionId: string,
  reqId: string,
): (audio: Uint8Array, seq: number) => string {
  const mark = '\0'
  const data = { Audio: mark, Seq: 0, IsFinal: false }
  const [head = ''] = commandFrame(sessionId, reqId, { Command: 'SEND_AUDIO', Data: data }).split(
    JSON.stringify(mark).slice(1, -1),
  )
  return ({ buffer, byteOffset, byteLength }, seq) =>
    `${head}${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}","Seq":${seq},"IsFinal":false}}}`
}
