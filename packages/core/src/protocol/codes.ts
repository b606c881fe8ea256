/**
 * What a caller may do after a code, derived from the vendor's remedies:
 * - `never`: the same request will fail again; change something first
 * - `backoff`: the same request may succeed later
 * - `after-release`: succeeds once another session has been closed
 * - `after-event`: succeeds once the session has reached the right state
 * - `recreate`: this session is gone; create a new one
 */
export type RetryClass = 'never' | 'backoff' | 'after-release' | 'after-event' | 'recreate'

export interface CodeInfo {
  /** The vendor's meaning in a few words. */
  readonly meaning: string
  readonly retry: RetryClass
  /** What a person should do next, one sentence. */
  readonly next: string
}

/**
 * Every documented code of the interactive API (mainland 100406, international 62122) except 0.
 * Codes missing here fall back to {@link unknownCode} and keep their number.
 */
export const codes = {
  100000: {
    meaning: 'internal error of the service',
    retry: 'backoff',
    next: 'Try again with backoff; contact Tencent Cloud with the RequestID if it persists.',
  },
  [-100000]: {
    meaning: 'internal error of the service',
    retry: 'backoff',
    next: 'Try again with backoff; contact Tencent Cloud with the RequestID if it persists.',
  },
  [-101000]: {
    meaning: 'internal error of the service',
    retry: 'backoff',
    next: 'Try again with backoff; contact Tencent Cloud with the RequestID if it persists.',
  },
  [-101001]: {
    meaning: 'not enough rendering capacity',
    retry: 'backoff',
    next: 'Try again after a minute; contact Tencent Cloud if capacity stays short.',
  },
  [-101002]: {
    meaning: 'an image (a background, for example) could not be downloaded',
    retry: 'never',
    next: 'Check that every image URL of the request is reachable from the public internet.',
  },
  [-111001]: {
    meaning: 'updating the stream parameters failed',
    retry: 'backoff',
    next: 'Try again with backoff.',
  },
  [-111002]: {
    meaning: 'the connection of the stream dropped',
    retry: 'recreate',
    next: 'Create a new session; with a custom push URL, check that the push target accepts it.',
  },
  [-111003]: {
    meaning: 'the avatar model failed to load',
    retry: 'recreate',
    next: 'Create a new session; check the AssetVirtualmanKey if it happens again.',
  },
  [-111004]: {
    meaning: 'creating the stream timed out inside the service',
    retry: 'recreate',
    next: 'Create a new session.',
  },
  [-111005]: {
    meaning: 'driving by text or audio failed',
    retry: 'never',
    next: 'Read the message; the session usually survives and takes the next command.',
  },
  100001: {
    meaning: 'bad request parameter',
    retry: 'never',
    next: 'Correct the field that the message names.',
  },
  100005: {
    meaning: 'operation not authorised',
    retry: 'never',
    next: 'Check the app key, the access token, the clock of this machine and that the avatar belongs to this account.',
  },
  100008: {
    meaning: 'concurrency limit exceeded',
    retry: 'after-release',
    next: 'Close a session (the list calls show which are open) or buy more concurrency.',
  },
  100012: {
    meaning: 'called too frequently',
    retry: 'backoff',
    next: 'Slow down: texts need more than 1 s between them, updatesessionconfig 5 s.',
  },
  100014: {
    meaning: 'no valid concurrency quota',
    retry: 'never',
    next: 'Buy or renew interactive concurrency in the console.',
  },
  100015: {
    meaning: 'the avatar has expired',
    retry: 'never',
    next: 'Renew the avatar in the console.',
  },
  110013: {
    meaning: 'the session is closed already',
    retry: 'recreate',
    next: 'Create a new session; statsession tells why this one was closed.',
  },
  110014: {
    meaning: 'the session is not ready',
    retry: 'after-event',
    next: 'Wait until statsession reports SessionStatus 1, then call startsession.',
  },
  110015: {
    meaning: 'the drive command came at the wrong moment and was not processed',
    retry: 'after-event',
    next: 'Wait for the running utterance to end (TextOver or AudioOver), then send again.',
  },
  110016: {
    meaning: 'the session has not been started',
    retry: 'after-event',
    next: 'Call startsession first.',
  },
  110018: {
    meaning: 'the session does not exist',
    retry: 'recreate',
    next: 'Check the SessionId; create a new session.',
  },
  110021: {
    meaning: 'the TRTC account is in arrears or has no minutes left',
    retry: 'never',
    next: 'Top up the TRTC account.',
  },
  110022: {
    meaning: 'the session was closed because another one was created with the same UserId',
    retry: 'recreate',
    next: 'Give every concurrent session its own UserId.',
  },
} as const satisfies Readonly<Record<number, CodeInfo>>

/** A code that the vendor documents. */
export type DocumentedCode = keyof typeof codes

/** What is said of a code that is not in {@link codes}. */
export const unknownCode: CodeInfo = {
  meaning: 'a code this version of ivh-kit does not know',
  retry: 'never',
  next: 'Look the code up in the vendor’s error table, or contact Tencent Cloud with the RequestID.',
}

/** Looks a code up; never fails. */
export function describeCode(code: number): CodeInfo {
  return Object.hasOwn(codes, code) ? codes[code as DocumentedCode] : unknownCode
}
