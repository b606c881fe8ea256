import type { Clock } from '@ivh-kit/kernel'
import type { FaultEffect } from '../faults/fault-effect'
import type { EmulatedEndpoint } from '../wire/emulated-endpoints'
import { redactPayload } from '../wire/redact'

/** Maximum number of logged calls, and of characters in their payloads. The oldest calls are removed first. */
const most = { calls: 2_000, characters: 4_000_000 } as const

/** One action of a client: an HTTP call, the opening of a channel, or a message on it. */
export interface EmulatorCall {
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly at: number
  /** The endpoint; `commandChannel` for the opening of a channel, `channelMessage` for a message on it. */
  readonly name: EmulatedEndpoint | 'commandChannel' | 'channelMessage'
  /** The payload without secrets; long parts are cut. Undefined when it was not JSON. */
  readonly payload: unknown
  /** The applied fault. */
  readonly fault: FaultEffect | undefined
  /** The response; undefined before it. `dropped`: the connection was cut instead. */
  readonly outcome: CallOutcome | undefined
}

export type CallOutcome =
  | { readonly status: number; readonly code: number; readonly message: string }
  | 'dropped'

/** The calls in the order of their arrival. */
export class CallLog {
  /** Listeners that receive each call at its end. */
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

  /** Adds a call. The returned function sets its outcome. */
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
