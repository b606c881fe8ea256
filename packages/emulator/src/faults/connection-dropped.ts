/** The connection is to be cut without an answer; the in-process `fetch` rejects with it. */
export class ConnectionDropped extends Error {
  constructor() {
    super('the connection was dropped by a fault')
    this.name = 'ConnectionDropped'
  }
}
