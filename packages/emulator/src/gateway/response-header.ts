/** The header of every answer, over HTTP and over the channel; both ids are traces of the gateway. */
export function responseHeader(createId: () => string, code: number, message: string) {
  return {
    Code: code,
    Message: message,
    RequestID: `gz${createId().slice(0, 24)}`,
    SessionID: `gz${createId().slice(0, 24)}`,
    DialogID: '',
  }
}
