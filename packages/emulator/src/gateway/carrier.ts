/** What carries a gateway to its clients, a server for example. */
export interface Carrier {
  /** Breaks every connection, as a restart of the service does. */
  cutConnections(): void
  /** Whether a request with this `Host` may see the page and steer the emulator. */
  maySteer(host: string): boolean
}

/** There are no connections, and who calls `fetch` may do anything. */
export const inProcess: Carrier = { cutConnections() {}, maySteer: () => true }
