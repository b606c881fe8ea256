import { RunningClock } from './clock'
import { createEmulator, type Emulator, type EmulatorOptions } from './create-emulator'
import type { SessionSnapshot } from './sessions/emulated-session'

export interface EmulatorInTestsOptions extends EmulatorOptions {
  /** Whether the emulator opens a port. Default false. */
  readonly listen?: boolean | undefined
  /** Time to prepare a session, in milliseconds. Default 0. */
  readonly prepareMs?: number | undefined
  /** Whether a test may leave sessions open. Default false: such a test fails. */
  readonly allowOpenSessions?: boolean | undefined
}

/** The emulator of a test file. It starts before the first test and ends after the last one. */
export type EmulatorInTests = Omit<Emulator, 'close' | 'unref' | typeof Symbol.asyncDispose>

/** The hooks of a test runner. */
export interface Hooks {
  beforeAll(run: () => Promise<void>): void
  beforeEach(run: () => Promise<void>): void
  afterEach(run: () => Promise<void>): void
  afterAll(run: () => Promise<void>): void
}

export interface TestRunner {
  readonly hooks: Hooks
  /**
   * Position of the first registered `afterEach` hook: `last` sees the state after all hooks of the test;
   * `first` runs before hooks that may still close sessions.
   */
  readonly firstHookRuns: 'last' | 'first'
  /** Name of the last test. */
  testName?(): string | undefined
}

/** Binds an emulator to the hooks of a test runner. */
export function emulatorInTests(
  { hooks, firstHookRuns, testName }: TestRunner,
  options: EmulatorInTestsOptions,
): EmulatorInTests {
  const { allowOpenSessions = false, ...rest } = options
  // Create a clock unless the caller gives one: our own clock can be reset, so that every test starts at the
  // real time.
  const ownClock = rest.clock ? undefined : new RunningClock()
  const clock = rest.clock ?? ownClock
  let started: Emulator | undefined
  const startFresh = async () => {
    await running(started).reset()
    await ownClock?.reset()
  }
  const open = () => (allowOpenSessions ? [] : openSessions(running(started)))

  hooks.beforeAll(async () => {
    started = await createEmulator({ listen: false, prepareMs: 0, ...rest, clock })
  })
  if (firstHookRuns === 'last') {
    hooks.afterEach(async () => {
      const left = open()
      const problem = left.length > 0 && complaint('The test', left, running(started))
      // Reset before throwing, so that the next test starts without sessions.
      await startFresh()
      if (problem) throw new Error(problem)
    })
    hooks.afterAll(async () => {
      await started?.close()
      started = undefined
    })
  } else {
    let before: { readonly test: string; readonly left: readonly string[] } | undefined
    const complaints: string[] = []
    /** Collects the sessions that are still open after all hooks of the test. */
    const look = () => {
      if (!before) return
      const { left, test } = before
      const still = open().filter(({ sessionId }) => left.includes(sessionId))
      if (still.length > 0) complaints.push(complaint(test, still, running(started)))
      before = undefined
    }
    hooks.afterEach(async () => {
      const name = testName?.()
      const test = name === undefined ? 'A test' : `The test “${name}”`
      before = { test, left: open().map(({ sessionId }) => sessionId) }
    })
    hooks.beforeEach(async () => {
      if (!before) return
      look()
      await startFresh()
    })
    hooks.afterAll(async () => {
      look()
      // The emulator is not closed here, because later hooks may still close sessions.
      started?.unref()
      if (complaints.length > 0) throw new Error(complaints.join('\n\n'))
    })
  }
  return {
    get url() {
      return running(started).url
    },
    get dispatcher() {
      return running(started).dispatcher
    },
    get webSocket() {
      return running(started).webSocket
    },
    get clientOptions() {
      return running(started).clientOptions
    },
    get credentials() {
      return running(started).credentials
    },
    get clock() {
      return running(started).clock
    },
    get faults() {
      return running(started).faults
    },
    get sessions() {
      return running(started).sessions
    },
    get calls() {
      return running(started).calls
    },
    get events() {
      return running(started).events
    },
    fetch: (request) => running(started).fetch(request),
    admitChannel: (url, control) => running(started).admitChannel(url, control),
    advance: (milliseconds) => running(started).advance(milliseconds),
    restart: (how) => running(started).restart(how),
    reset: () => running(started).reset(),
  }
}

function running(emulator: Emulator | undefined): Emulator {
  if (emulator) return emulator
  throw new Error('the emulator runs from beforeAll to afterAll: use it within a test or a hook')
}

/** Returns the sessions that are still open. In the real service each of them would continue to cost money. */
function openSessions({ sessions }: Emulator): readonly SessionSnapshot[] {
  return sessions.filter(({ status }) => status === 1 || status === 3)
}

/** Returns the message about the sessions that a test left open. */
function complaint(
  test: string,
  open: readonly SessionSnapshot[],
  { clock }: Pick<Emulator, 'clock'>,
): string {
  const lines = open.map(({ sessionId, userId, status, started, createdAt }) => {
    const state = status === 3 ? 'preparing' : started ? 'started' : 'ready, not started'
    return `  ${sessionId} of UserId ${userId}: ${state}, ${clock.now() - createdAt} ms old`
  })
  const count = open.length === 1 ? '1 session' : `${open.length} sessions`
  return [
    `${test} left ${count} open:`,
    ...lines,
    'Close each session (await using, or closesession), or set allowOpenSessions: true.',
  ].join('\n')
}
