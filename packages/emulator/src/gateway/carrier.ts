/** Connects a gateway to its clients, for example a server. */
export interface Carrier {
  /** Breaks every connection, like a restart of the service. */
  cutConnections(): void
  /** Returns true when a request with this `Host` may open the status page and use the control API. */
  mayControl(host: string): boolean
}

/** A gateway without connections; every caller of `fetch` may use the control API. */
export const inProcess: Carrier = { cutConnections() {}, mayControl: () => true }
