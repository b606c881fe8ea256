/** `SessionStatus` of createsession, createsessionbyasset, statsession and the lists (1240/100389). */
export const sessionStatus = {
  ready: 1,
  closed: 2,
  preparing: 3,
  failed: 4,
} as const
export type SessionStatus = (typeof sessionStatus)[keyof typeof sessionStatus]

/** `CloseType` of statsession: the reason for a close. Undocumented; Tencent's H5 demo reads it. */
export const closeType = {
  owner: 1,
  idle: 2,
  downstreamExited: 3,
  serviceRestarted: 4,
  sameUserId: 5,
} as const
export type CloseType = (typeof closeType)[keyof typeof closeType]
