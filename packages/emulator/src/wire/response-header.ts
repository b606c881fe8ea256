/** Returns the header of a response over HTTP or the channel. Both ids are trace ids of the gateway. */
export function responseHeader(createId: () => string, code: number, message: string) {
  return {
    Code: code,
    Message: message,
    RequestID: `gz${createId().slice(0, 24)}`,
    SessionID: `gz${createId().slice(0, 24)}`,
    DialogID: '',
  }
}
