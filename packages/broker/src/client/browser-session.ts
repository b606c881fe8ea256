import type { BrokerSnapshot } from '../snapshot'
import { BrokerRefusal } from './broker-refusal'
import { readEvents } from './read-events'

export interface StartOptions {
  /** Where the broker is mounted. Default `/ivh`. */
  readonly basePath?: string
  /** Sent to the broker's `open` as its `body`. Default `{}`. */
  readonly body?: Readonly<Record<string, unknown>>
  /** For the broker's `authorize`: the value of the `Authorization` header of the request that opens. */
  readonly authorization?: string
}

/** Pauses before the event stream is asked for again, in milliseconds; then the session counts as lost. */
const reconnectDelays = [500, 1_000, 2_000, 4_000] as const

/**
 * A digital human as a page sees it. It dispatches `change` whenever `snapshot` changes, keeps itself
 * connected, and closes the session when the page goes away.
 */
export class BrowserSession extends EventTarget {
  readonly #url: string
  readonly #ticket: string
  readonly #stop = new AbortController()
  #snapshot: BrokerSnapshot

  /** @internal Use {@link startBrowserSession}. */
  constructor(url: string, id: string, ticket: string) {
    super()
    this.#url = url
    this.#ticket = ticket
    this.#snapshot = { id, state: 'creating', elapsedMs: 0 }
    // A worker has no page that could be left.
    globalThis.addEventListener?.('pagehide', this.#leave, { signal: this.#stop.signal })
    void this.#follow()
  }

  get snapshot(): BrokerSnapshot {
    return this.#snapshot
  }

  /**
   * Sends a JSON object to the broker's `onMessage`, which decides what the human does with it. Resolves
   * with the answer, an empty one (204) unless `onMessage` gives its own.
   *
   * @throws BrokerRefusal when the session is not ready (409), the broker takes no messages (404), or it
   * cannot be reached (status 0).
   */
  async send(message: Readonly<Record<string, unknown>>): Promise<Response> {
    const response = await fetch(`${this.#url}/messages`, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify(message),
    }).catch(() => undefined)
    if (!response) {
      throw new BrokerRefusal(
        0,
        'The server cannot be reached. Check the connection and try again.',
      )
    }
    if (response.ok) return response
    const answer: unknown = await response.json().catch(() => undefined)
    throw new BrokerRefusal(response.status, refusalText(answer, response.status))
  }

  /** Closes the session; resolves when the service has confirmed. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#ended) return
    this.#change({ ...this.#snapshot, state: 'closing' })
    const response = await fetch(this.#url, { method: 'DELETE', headers: this.#headers }).catch(
      () => undefined,
    )
    if (this.#ended) return
    if (response?.ok || response?.status === 404) this.#end({ state: 'closed' })
    else this.#lose('The server could not be reached to close the session; it closes it by itself.')
  }

  get #ended(): boolean {
    return this.#stop.signal.aborted
  }

  get #headers(): { authorization: string } {
    return { authorization: `Bearer ${this.#ticket}` }
  }

  /** The page goes: only a beacon is sure to get out. A page that comes back finds the session closed. */
  readonly #leave = (): void => {
    navigator.sendBeacon(`${this.#url}/close`, this.#ticket)
    this.#end({ state: 'closed', problem: { reason: 'left', message: 'The page was left.' } })
  }

  async #follow(): Promise<void> {
    let failures = 0
    while (!this.#ended) {
      try {
        await readEvents(`${this.#url}/events`, this.#headers, this.#stop.signal, (snapshot) => {
          failures = 0
          const final = snapshot.state === 'closed' || snapshot.state === 'failed'
          if (final) this.#end(snapshot)
          else if (!this.#ended && this.#snapshot.state !== 'closing') this.#change(snapshot)
        })
      } catch (error) {
        if (error instanceof BrokerRefusal && error.status === 404) {
          return this.#lose('The server does not know this session any more.')
        }
      }
      if (this.#ended) return
      const delay = reconnectDelays[failures]
      if (delay === undefined) return this.#lose('The connection to the server was lost.')
      failures += 1
      await this.#pause(delay)
    }
  }

  /** Ends early with the session. */
  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs)
      this.#stop.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #lose(message: string): void {
    if (this.#ended) return
    this.#end({
      state: 'failed',
      problem: { reason: 'lost', message, hint: 'Start again when the connection is back.' },
    })
  }

  #end(last: Partial<BrokerSnapshot> & Pick<BrokerSnapshot, 'state'>): void {
    if (this.#ended) return
    this.#stop.abort()
    const { playback: _gone, ...kept } = this.#snapshot
    this.#change({ ...kept, ...last })
  }

  #change(snapshot: BrokerSnapshot): void {
    this.#snapshot = snapshot
    this.dispatchEvent(new Event('change'))
  }
}

/**
 * Asks the broker for a session.
 *
 * @throws BrokerRefusal when the broker refuses (all in use, not allowed) or cannot be reached.
 */
export async function startBrowserSession(options: StartOptions = {}): Promise<BrowserSession> {
  const sessions = `${options.basePath ?? '/ivh'}/sessions`
  const response = await fetch(sessions, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(options.authorization && { authorization: options.authorization }),
    },
    body: JSON.stringify(options.body ?? {}),
  }).catch(() => {
    throw new BrokerRefusal(0, 'The server cannot be reached. Check the connection and try again.')
  })
  const answer: unknown = await response.json().catch(() => undefined)
  if (!response.ok || !isGrant(answer)) {
    throw new BrokerRefusal(response.status, refusalText(answer, response.status))
  }
  return new BrowserSession(`${sessions}/${answer.id}`, answer.id, answer.ticket)
}

function isGrant(answer: unknown): answer is { id: string; ticket: string } {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'id' in answer &&
    typeof answer.id === 'string' &&
    'ticket' in answer &&
    typeof answer.ticket === 'string'
  )
}

function refusalText(answer: unknown, status: number): string {
  if (typeof answer === 'object' && answer !== null && 'problem' in answer) {
    const { problem } = answer
    if (typeof problem === 'object' && problem !== null && 'message' in problem) {
      return String(problem.message)
    }
  }
  return `The server answered with status ${status}.`
}
