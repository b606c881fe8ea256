/** The server did not make a WebSocket of the request. */
export class UpgradeRefusedError extends Error {
  override readonly name = 'UpgradeRefusedError'
  /** The HTTP status, when it was an answer of HTTP. */
  readonly status: number | undefined

  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}
