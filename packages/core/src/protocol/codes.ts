/**
 * The condition under which a retry can succeed, derived from the vendor's remedies:
 * - `never`: the same request will fail again; change something first
 * - `backoff`: the same request may succeed later
 * - `after-release`: succeeds once another session has been closed
 * - `after-event`: succeeds once the session has reached the right state
 * - `recreate`: this session is gone; create a new one
 */
export type RetryClass = 'never' | 'backoff' | 'after-release' | 'after-event' | 'recreate'

/**
 * The category of a code, so that callers need not know every number:
 * - `service`: something inside the service failed
 * - `capacity`: the service itself is short of capacity
 * - `concurrency`: the account's own concurrency is used up, or was never bought
 * - `rate`: too many calls in too short a time
 * - `billing`: something has to be renewed or paid
 * - `authorisation`: key, token, clock or ownership
 * - `request`: the request itself is wrong
 * - `session-state`: the session is not in the state that the call needs
 * - `session-gone`: the session is closed, failed or unknown
 * - `unknown`: not documented
 */
export type CodeCategory =
  | 'service'
  | 'capacity'
  | 'concurrency'
  | 'rate'
  | 'billing'
  | 'authorisation'
  | 'request'
  | 'session-state'
  | 'session-gone'
  | 'unknown'

export interface CodeInfo {
  /** The vendor's meaning in a few words. */
  readonly meaning: string
  readonly category: CodeCategory
  /**
   * The HTTP status that a backend should send to its visitor. Problems that only the operator can solve
   * (credentials, quota, bills) have a 5xx status.
   */
  readonly httpStatus: number
  readonly retry: RetryClass
  /** The next step, in one sentence. */
  readonly hint: string
}

/** A code that the vendor documents. */
export type DocumentedCode =
  | 100000
  | -100000
  | -101000
  | -101001
  | -101002
  | -111001
  | -111002
  | -111003
  | -111004
  | -111005
  | 100001
  | 100005
  | 100008
  | 100012
  | 100014
  | 100015
  | 110013
  | 110014
  | 110015
  | 110016
  | 110018
  | 110021
  | 110022

const internalError: CodeInfo = {
  meaning: 'internal error of the service',
  category: 'service',
  httpStatus: 502,
  retry: 'backoff',
  hint: 'Try again with backoff; contact Tencent Cloud with the RequestID if it persists.',
}

/**
 * Every documented code of the interactive API (mainland 100406, international 62122) except 0.
 * Codes missing here fall back to {@link unknownCode} and keep their number.
 */
export const errorCodes: Readonly<Record<DocumentedCode, CodeInfo>> = {
  100000: internalError,
  [-100000]: internalError,
  [-101000]: internalError,
  [-101001]: {
    meaning: 'not enough rendering capacity',
    category: 'capacity',
    httpStatus: 503,
    retry: 'backoff',
    hint: 'Try again after a minute; contact Tencent Cloud if capacity stays short.',
  },
  [-101002]: {
    meaning: 'an image (a background, for example) could not be downloaded',
    category: 'request',
    httpStatus: 422,
    retry: 'never',
    hint: 'Check that every image URL of the request is reachable from the public internet.',
  },
  [-111001]: {
    meaning: 'updating the stream parameters failed',
    category: 'service',
    httpStatus: 502,
    retry: 'backoff',
    hint: 'Try again with backoff.',
  },
  [-111002]: {
    meaning: 'the connection of the stream dropped',
    category: 'session-gone',
    httpStatus: 410,
    retry: 'recreate',
    hint: 'Create a new session; with a custom push URL, check that the push target accepts it.',
  },
  [-111003]: {
    meaning: 'the avatar model failed to load',
    category: 'session-gone',
    httpStatus: 502,
    retry: 'recreate',
    hint: 'Create a new session; check the AssetVirtualmanKey if it happens again.',
  },
  [-111004]: {
    meaning: 'creating the stream timed out inside the service',
    category: 'session-gone',
    httpStatus: 504,
    retry: 'recreate',
    hint: 'Create a new session.',
  },
  [-111005]: {
    meaning: 'driving by text or audio failed',
    category: 'service',
    httpStatus: 502,
    retry: 'never',
    hint: 'Read the message; the session usually survives and takes the next command.',
  },
  100001: {
    meaning: 'bad request parameter',
    category: 'request',
    httpStatus: 400,
    retry: 'never',
    hint: 'Correct the field that the message names.',
  },
  100005: {
    meaning: 'operation not authorised',
    category: 'authorisation',
    httpStatus: 500,
    retry: 'never',
    hint: 'Check the app key, the access token, the clock of this machine and that the avatar belongs to this account.',
  },
  100008: {
    meaning: 'concurrency limit exceeded',
    category: 'concurrency',
    httpStatus: 503,
    retry: 'after-release',
    hint: 'Close a session (the list calls show which are open) or buy more concurrency.',
  },
  100012: {
    meaning: 'called too frequently',
    category: 'rate',
    httpStatus: 429,
    retry: 'backoff',
    hint: 'Slow down: texts need more than 1 s between them, updatesessionconfig 5 s.',
  },
  100014: {
    meaning: 'no valid concurrency quota',
    category: 'concurrency',
    httpStatus: 503,
    retry: 'never',
    hint: 'Buy or renew interactive concurrency in the console.',
  },
  100015: {
    meaning: 'the avatar has expired',
    category: 'billing',
    httpStatus: 503,
    retry: 'never',
    hint: 'Renew the avatar in the console.',
  },
  110013: {
    meaning: 'the session is closed already',
    category: 'session-gone',
    httpStatus: 410,
    retry: 'recreate',
    hint: 'Create a new session; statsession reports why this one was closed.',
  },
  110014: {
    meaning: 'the session is not ready',
    category: 'session-state',
    httpStatus: 409,
    retry: 'after-event',
    hint: 'Wait until statsession reports SessionStatus 1, then call startsession.',
  },
  110015: {
    meaning: 'the command came at the wrong moment and was not processed',
    category: 'session-state',
    httpStatus: 409,
    retry: 'after-event',
    hint: 'Wait for the running utterance to end (TextOver or AudioOver), then send again.',
  },
  110016: {
    meaning: 'the session has not been started',
    category: 'session-state',
    httpStatus: 409,
    retry: 'after-event',
    hint: 'Call startsession first.',
  },
  110018: {
    meaning: 'the session does not exist',
    category: 'session-gone',
    httpStatus: 404,
    retry: 'recreate',
    hint: 'Check the SessionId; create a new session.',
  },
  110021: {
    meaning: 'the TRTC account is in arrears or has no minutes left',
    category: 'billing',
    httpStatus: 503,
    retry: 'never',
    hint: 'Top up the TRTC account.',
  },
  110022: {
    meaning: 'the session was closed because another one was created with the same UserId',
    category: 'session-gone',
    httpStatus: 410,
    retry: 'recreate',
    hint: 'Give every concurrent session its own UserId.',
  },
}

/** The facts for a code that is not in {@link errorCodes}. */
export const unknownCode: CodeInfo = {
  meaning: 'a code this version of ivh-kit does not know',
  category: 'unknown',
  httpStatus: 502,
  retry: 'never',
  hint: 'Look the code up in the error table of the vendor, or contact Tencent Cloud with the RequestID.',
}

/** Returns the facts about a code; {@link unknownCode} for an undocumented one. */
export function describeCode(code: number): CodeInfo {
  return Object.hasOwn(errorCodes, code) ? errorCodes[code as DocumentedCode] : unknownCode
}

/** The path of the page about a documented code, in the ivh-kit repository. */
export function docsPathOf(code: number): string | undefined {
  return Object.hasOwn(errorCodes, code) ? `docs/errors/${code}.md` : undefined
}
