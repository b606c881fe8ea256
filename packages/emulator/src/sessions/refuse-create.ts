import { Refusal } from '../wire/refusal'

/** The facts that decide about a create. */
export interface CreateFacts {
  /** True when the emulator has been closed. */
  readonly closed: boolean
  readonly concurrency: number
  /** The number of sessions that occupy concurrency. */
  readonly inUse: number
  /** True when the new session takes the place of another one. */
  readonly replaces: boolean
  /** The given SessionId, when a session with it is open. */
  readonly openId: string | undefined
}

/** @throws Refusal 100008 when all concurrency is in use, 100014 when the account has none. */
export function refuseCreate({ closed, concurrency, inUse, openId, replaces }: CreateFacts): void {
  if (closed) throw new Refusal(100000, 'the emulator has been closed')
  if (concurrency === 0) {
    throw new Refusal(
      100014,
      'this account has bought no concurrency (the emulator runs with concurrency 0)',
    )
  }
  if (openId !== undefined) {
    throw new Refusal(100001, `a session with the SessionId ${openId} is open already`)
  }
  if (!replaces && inUse >= concurrency) {
    throw new Refusal(
      100008,
      `${inUse} of ${concurrency} concurrent sessions are in use: close one with closesession (listsessionofuin lists them)`,
    )
  }
}
