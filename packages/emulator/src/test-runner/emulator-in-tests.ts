import { createEmulator, type Emulator, type EmulatorOptions } from '../create-emulator'

export interface EmulatorInTestsOptions extends EmulatorOptions {
  /** Default false: the tests of one file share an emulator without a port. */
  readonly listen?: boolean | undefined
  /** Default 0: a session is ready at once. */
  readonly prepareMs?: number | undefined
  /** Lets a test end with sessions that are still open. Default false: such a test fails. */
  readonly allowOpenSessions?: boolean | undefined
}

/** The emulator of a test file. It lives from before its first test to after its last. */
export type EmulatorInTests = Omit<Emulator, 'close' | typeof Symbol.asyncDispose>

/** The hooks that the test runners have in common. */
export interface Hooks {
  beforeAll(run: () => Promise<void>): void
  afterEach(run: () => Promise<void>): void
  afterAll(run: () => Promise<void>): void
}

/** Binds an emulator to the hooks of a test runner. */
export function emulatorInTests(hooks: Hooks, options: EmulatorInTestsOptions): EmulatorInTests {
  const { allowOpenSessions = false, ...rest } = options
  let started: Emulator | undefined
  hooks.beforeAll(async () => {
    started = await createEmulator({ listen: false, prepareMs: 0, ...rest })
  })
  hooks.afterEach(async () => {
    const emulator = running(started)
    const problem = allowOpenSessions ? undefined : openSessions(emulator)
    // First of all, so that the next test begins anew whatever this one left.
    await emulator.reset()
    if (problem) throw new Error(problem)
  })
  hooks.afterAll(async () => {
    await started?.close()
    started = undefined
  })
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

/** What a test left open, in words; every one would go on costing in the real service. */
function openSessions({ sessions, clock }: Emulator): string | undefined {
  const open = sessions.filter(({ status }) => status === 1 || status === 3)
  if (open.length === 0) return undefined
  const lines = open.map(({ sessionId, userId, status, started, createdAt }) => {
    const state = status === 3 ? 'preparing' : started ? 'started' : 'ready, not started'
    return `  ${sessionId} of UserId ${userId}: ${state}, ${clock.now() - createdAt} ms old`
  })
  const count = open.length === 1 ? '1 session' : `${open.length} sessions`
  return [
    `The test left ${count} open:`,
    ...lines,
    'Close each (await using, or closesession); allowOpenSessions: true lets them be.',
  ].join('\n')
}
