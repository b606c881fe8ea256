/** The in-process `fetch` rejects with this error when a fault cuts the connection without a response. */
export class ConnectionDropped extends Error {
  constructor() {
    super('the connection was dropped by a fault')
    this.name = 'ConnectionDropped'
  }
}
