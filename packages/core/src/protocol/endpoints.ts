const sessionManager = '/v2/ivh/sessionmanager/sessionmanagerservice'
const interactDriver = '/v2/ivh/interactdriver/interactdriverservice'

/** Facts about an endpoint that need no schema. */
export interface EndpointInfo {
  readonly path: string
  /**
   * True when sending the call twice does no harm. Only then is it retried when the first attempt may have
   * taken effect. A second create would open a second paid session, and a second command would be spoken
   * twice. The answer to a second startsession is not documented; at worst the service refuses it.
   */
  readonly idempotent: boolean
  /** True when the call opens a session. A closed client refuses it. */
  readonly opensSession: boolean
}

const create = { idempotent: false, opensSession: true } as const
const repeatable = { idempotent: true, opensSession: false } as const

/** The endpoints of the interactive API. The client has one method for each. */
export const endpoints = {
  /** Creates a stream from a platform project (1211/62102). An abort may leave a session open: prefer `sessions.open`. */
  createSession: { path: `${sessionManager}/createsession`, ...create },
  /** Creates a stream from an avatar asset (1211/62103). An abort may leave a session open: prefer `sessions.open`. */
  createSessionByAsset: { path: `${sessionManager}/createsessionbyasset`, ...create },
  /** Returns a session's status: 1 ready, 2 closed, 3 preparing, 4 creation failed (1211/62104). */
  statSession: { path: `${sessionManager}/statsession`, ...repeatable },
  /** Starts a ready session. Required before any command (1211/62105). */
  startSession: { path: `${sessionManager}/startsession`, ...repeatable },
  /** Closes a session and frees its concurrency (1211/62106). `session.close()` also retries. */
  closeSession: { path: `${sessionManager}/closesession`, ...repeatable },
  /** Lists the sessions in progress of the whole account (1211/62109). */
  listSessionOfUin: { path: `${sessionManager}/listsessionofuin`, ...repeatable },
  /** Lists the sessions in progress of a project (1211/62107). */
  listSessionOfProjectId: { path: `${sessionManager}/listsessionofprojectid`, ...repeatable },
  /** Lists the sessions in progress of an avatar asset (1211/62108). */
  listSessionOfAssetVk: { path: `${sessionManager}/listsessionofassetvk`, ...repeatable },
  /**
   * Moves, scales or recolours the avatar while it is live, at most once per session in 5 s (1211/62119).
   *
   * @deprecated The vendor adds no new features to this endpoint.
   */
  updateSessionConfig: { path: `${sessionManager}/updatesessionconfig`, ...repeatable },
  /**
   * Returns credentials for another user to enter the avatar's TRTC room; only with the platform's own TRTC
   * app (1211/62121). The whole response is secret.
   */
  getTrtcSign: { path: `${sessionManager}/gettrtcsign`, ...repeatable },
  /** Sends SEND_TEXT by HTTP; meant for trials (1211/62120). */
  command: {
    path: `${interactDriver}/command`,
    idempotent: false,
    opensSession: false,
  },
} as const satisfies Record<string, EndpointInfo>

export type EndpointName = keyof typeof endpoints
