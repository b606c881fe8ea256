import type { EndpointName } from '@ivh-kit/core/protocol'
import type { Clock } from '../clock'
import type { FaultEffect } from '../faults/fault'
import { redactPayload } from './redact'

/** So many calls are remembered, and so many characters of their payloads; the oldest go first. */
const most = { calls: 2_000, characters: 4_000_000 } as const

/** One thing that a client sent: an HTTP call, the opening of a channel, or a message over it. */
export interface EmulatorCall {
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly at: number
  /** The endpoint, `commandChannel` for its opening, `channelMessage` for what is sent over it. */
  readonly name: EndpointName | 'commandChannel' | 'channelMessage'
  /** As it was sent, without secrets, and cut where it is long; undefined when there was no JSON. */
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
  #calls: { readonly call: EmulatorCall; readonly characters: number }[] = []
  #characters = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get calls(): readonly EmulatorCall[] {
    return this.#calls.map(({ call }) => call)
  }

  /** Notes the call; the returned function notes how it went. */
  begin(
    name: EmulatorCall['name'],
    payload: unknown,
    fault: FaultEffect | undefined,
  ): (outcome: CallOutcome) => void {
    const { shown, characters } = redactPayload(payload)
    const call: EmulatorCall & { outcome: CallOutcome | undefined } = {
      at: this.#clock.now(),
      name,
      payload: shown,
      fault,
      outcome: undefined,
    }
    this.#calls.push({ call, characters })
    this.#characters += characters
    while (this.#calls.length > most.calls || this.#characters > most.characters) {
      this.#characters -= this.#calls.shift()?.characters ?? 0
    }
    return (outcome) => {
      call.outcome = outcome
      for (const listener of this.listeners) listener(call)
    }
  }

  clear(): void {
    this.#calls = []
    this.#characters = 0
  }
}
