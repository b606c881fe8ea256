/** Generates a request id: 32 hexadecimal characters (1211/62103), a random UUID without dashes. */
export function createReqId(): string {
  return crypto.randomUUID().replaceAll('-', '')
}
