import type { ChannelCommandBody } from '../protocol/channel-commands'

/** Returns the text frame of one command (1240/100396). */
export function commandFrame(
  sessionId: string,
  reqId: string,
  { Command, Data }: ChannelCommandBody,
): string {
  return JSON.stringify({
    Header: {},
    Payload: { ReqId: reqId, SessionId: sessionId, Command, Data },
  })
}
