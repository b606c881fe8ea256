import { checkKnownOptions } from '@ivh-kit/kernel'
import type { BrokerSnapshot } from '../visit/snapshot'
import { BrokerRefusal } from './broker-refusal'
import { pageTexts } from './page-texts'
import { readEvents } from './read-events'
import { isOpenedVisit, refusalText } from './read-response'

export interface StartOptions {
  /** The broker's `basePath`. Default `/ivh`. */
  readonly basePath?: string
  /** The `body` that the broker's `open` receives. Default `{}`. */
  readonly body?: Readonly<Record<string, unknown>>
  /** Value of the `Authorization` header that the broker's `authorize` sees. */
  readonly authorization?: string
}

const knownOptions = Object.keys({
  basePath: 0,
  body: 0,
  authorization: 0,
} satisfies Record<keyof StartOptions, 0>)

/**
 * Delays before the attempts to reopen the event stream, in milliseconds. After the last attempt the session
 * is lost.
 */
const reconnectDelays = [500, 1_000, 2_000, 4_000] as const

/**
 * The page's view of one session. It dispatches `change` when `snapshot` changes, reopens a lost event
 * stream, and closes the session when the page is left.
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
    // Call the function only where it exists: some workers do not have it.
    globalThis.addEventListener?.('pagehide', this.#leave, { signal: this.#stop.signal })
    void this.#follow()
  }

  get snapshot(): BrokerSnapshot {
    return this.#snapshot
  }

  /**
   * Sends a JSON object to the broker's `onMessage`. Resolves with the response of `onMessage`; 204 if it
   * returned none.
   *
   * @throws BrokerRefusal when the session is not ready (409), the broker takes no messages (404), or the
   *   server cannot be reached (status 0).
   */
  async send(message: Readonly<Record<string, unknown>>): Promise<Response> {
    const response = await fetch(`${this.#url}/messages`, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify(message),
    }).catch(() => undefined)
    if (!response) throw new BrokerRefusal(0, pageTexts().unreachable)
    if (response.ok) return response
    const body: unknown = await response.json().catch(() => undefined)
    throw new BrokerRefusal(response.status, refusalText(body, response.status))
  }

  /** Closes the session. Resolves when the service has confirmed. Safe to call twice. */
  async close(): Promise<void> {
    if (this.#ended) return
    this.#change({ ...this.#snapshot, state: 'closing' })
    const response = await fetch(this.#url, { method: 'DELETE', headers: this.#headers }).catch(
      () => undefined,
    )
    if (this.#ended) return
    if (response?.ok || response?.status === 404) this.#end({ state: 'closed' })
    else this.#lose(pageTexts().notConfirmed)
  }

  get #ended(): boolean {
    return this.#stop.signal.aborted
  }

  get #headers(): { authorization: string } {
    return { authorization: `Bearer ${this.#ticket}` }
  }

  /** Sends a beacon, because a leaving page can send nothing else. */
  readonly #leave = (): void => {
    navigator.sendBeacon(`${this.#url}/close`, this.#ticket)
    this.#end({ state: 'closed', problem: { reason: 'left', message: pageTexts().left } })
  }

  async #follow(): Promise<void> {
    let failures = 0
    while (!this.#ended) {
      try {
        await readEvents(`${this.#url}/events`, this.#headers, this.#stop.signal, {
          onSnapshot: (snapshot) => {
            failures = 0
            const final = snapshot.state === 'closed' || snapshot.state === 'failed'
            if (final) this.#end(snapshot)
            else if (!this.#ended && this.#snapshot.state !== 'closing') this.#change(snapshot)
          },
          onAlive: () => this.#giveSignOfLife(),
        })
      } catch (error) {
        if (error instanceof BrokerRefusal && error.status === 404) {
          return this.#lose(pageTexts().unknownSession)
        }
      }
      if (this.#ended) return
      const delay = reconnectDelays[failures]
      if (delay === undefined) return this.#lose(pageTexts().lost)
      failures += 1
      await this.#pause(delay)
    }
  }

  /**
   * Answers an `alive` event. The broker asks, because browsers slow the timers of hidden pages down. A lost
   * answer does no harm; the next one follows.
   */
  #giveSignOfLife(): void {
    const init = { method: 'POST', headers: this.#headers, signal: this.#stop.signal }
    fetch(`${this.#url}/alive`, init).catch(() => {})
  }

  /** Resolves after the delay, or when the session ends. */
  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#stop
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, delayMs)
      signal.addEventListener('abort', done)
    })
  }

  #lose(message: string): void {
    if (this.#ended) return
    this.#end({
      state: 'failed',
      problem: { reason: 'lost', message, hint: pageTexts().startAgain },
    })
  }

  #end(last: Partial<BrokerSnapshot> & Pick<BrokerSnapshot, 'state'>): void {
    if (this.#ended) return
    this.#stop.abort()
    const { playback: _expired, ...kept } = this.#snapshot
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
 * @throws IvhConfigError for an unknown option.
 * @throws BrokerRefusal when the broker refuses (all in use, not allowed) or cannot be reached.
 */
export async function startBrowserSession(options: StartOptions = {}): Promise<BrowserSession> {
  checkKnownOptions('startBrowserSession', options, knownOptions)
  const sessionsUrl = `${options.basePath ?? '/ivh'}/sessions`
  const response = await fetch(sessionsUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(options.authorization && { authorization: options.authorization }),
    },
    body: JSON.stringify(options.body ?? {}),
  }).catch(() => {
    throw new BrokerRefusal(0, pageTexts().unreachable)
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (!response.ok || !isOpenedVisit(body)) {
    throw new BrokerRefusal(response.status, refusalText(body, response.status))
  }
  return new BrowserSession(`${sessionsUrl}/${body.id}`, body.id, body.ticket)
}
