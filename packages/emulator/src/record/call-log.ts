import type { EndpointName } from '@ivh-kit/core/protocol'
import type { Clock } from '../clock'
import type { FaultEffect } from '../faults/fault'
import { redactPayload } from './redact'

/** So many calls are remembered; the oldest go first. */
const rememberedCalls = 2_000

/** One thing that a client sent: an HTTP call, the opening of a channel, or a message over it. */
export interface EmulatorCall {
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly at: number
  /** The endpoint, `commandChannel` for its opening, `channelMessage` for what is sent over it. */
  readonly name: EndpointName | 'commandChannel' | 'channelMessage'
  /** As it was sent, without secrets; undefined when there was no JSON. */
  readonly payload: unknown
  /** What was done to it on purpose. */
  readonly fault: FaultEffect | undefined
  /** The answer; undefined while there is none. `dropped`: the connection was cut instead. */
  readonly outcome: CallOutcome | undefined
}

export type CallOutcome =
  | { readonly status: number; readonly code: number; readonly message: string }
  | 'dropped'

/** Every call in the order of its arrival. */
export class CallLog {
  /** Told of each call when it is over. */
  readonly listeners = new Set<(call: EmulatorCall) => void>()
  readonly #clock: Clock
  #calls: EmulatorCall[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get calls(): readonly EmulatorCall[] {
    return [...this.#calls]
  }

  /** Notes the call; the returned function notes how it went. */
  begin(
    name: EmulatorCall['name'],
    payload: unknown,
    fault: FaultEffect | undefined,
  ): (outcome: CallOutcome) => void {
    const call = { at: this.#clock.now(), name, payload: redactPayload(payload), fault }
    const entry: EmulatorCall & { outcome: CallOutcome | undefined } = {
      ...call,
      outcome: undefined,
    }
    this.#calls.push(entry)
    if (this.#calls.length > rememberedCalls) this.#calls.shift()
    return (outcome) => {
      entry.outcome = outcome
      for (const listener of this.listeners) listener(entry)
    }
  }

  clear(): void {
    this.#calls = []
  }
}
