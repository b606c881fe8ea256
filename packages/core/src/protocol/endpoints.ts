import { commandRequestSchema } from './command'
import { createSessionRequestSchema, createSessionResponseSchema } from './create-session'
import {
  createSessionByAssetRequestSchema,
  createSessionByAssetResponseSchema,
} from './create-session-by-asset'
import { getTrtcSignRequestSchema, getTrtcSignResponseSchema } from './get-trtc-sign'
import {
  listSessionOfAssetVkRequestSchema,
  listSessionOfProjectIdRequestSchema,
  listSessionOfUinRequestSchema,
  listSessionsResponseSchema,
} from './list-sessions'
import {
  acknowledgementSchema,
  sessionRequestSchema,
  statSessionResponseSchema,
} from './session-calls'
import { updateSessionConfigRequestSchema } from './update-session-config'

const sessionManager = '/v2/ivh/sessionmanager/sessionmanagerservice'
const interactDriver = '/v2/ivh/interactdriver/interactdriverservice'

/** Where a call lives, what it takes and what it answers. */
export interface Endpoint<Request, Response> {
  readonly path: string
  readonly request: Request
  readonly response: Response
  readonly repeatable: boolean
}

/**
 * The calls of the interactive API: where each lives, what it takes, what it answers. Request schemas
 * are made per context, because the environment and the clock decide what is allowed.
 *
 * `repeatable` calls end in the same state however often they arrive, so they may be sent again when
 * nobody knows whether the first one did. A create is not: it would open a second paid session. Nor is
 * a command: it would be spoken twice. No document says what a second startsession answers; at worst
 * it is refused, and nothing is paid for twice, so it counts as repeatable.
 */
export const endpoints: {
  readonly createSession: Endpoint<
    typeof createSessionRequestSchema,
    typeof createSessionResponseSchema
  >
  readonly createSessionByAsset: Endpoint<
    typeof createSessionByAssetRequestSchema,
    typeof createSessionByAssetResponseSchema
  >
  readonly statSession: Endpoint<
    () => typeof sessionRequestSchema,
    typeof statSessionResponseSchema
  >
  readonly startSession: Endpoint<() => typeof sessionRequestSchema, typeof acknowledgementSchema>
  readonly closeSession: Endpoint<() => typeof sessionRequestSchema, typeof acknowledgementSchema>
  readonly listSessionOfUin: Endpoint<
    () => typeof listSessionOfUinRequestSchema,
    typeof listSessionsResponseSchema
  >
  readonly listSessionOfProjectId: Endpoint<
    () => typeof listSessionOfProjectIdRequestSchema,
    typeof listSessionsResponseSchema
  >
  readonly listSessionOfAssetVk: Endpoint<
    () => typeof listSessionOfAssetVkRequestSchema,
    typeof listSessionsResponseSchema
  >
  readonly updateSessionConfig: Endpoint<
    () => typeof updateSessionConfigRequestSchema,
    typeof acknowledgementSchema
  >
  readonly getTrtcSign: Endpoint<
    () => typeof getTrtcSignRequestSchema,
    typeof getTrtcSignResponseSchema
  >
  readonly command: Endpoint<() => typeof commandRequestSchema, typeof acknowledgementSchema>
} = {
  createSession: {
    path: `${sessionManager}/createsession`,
    request: createSessionRequestSchema,
    response: createSessionResponseSchema,
    repeatable: false,
  },
  createSessionByAsset: {
    path: `${sessionManager}/createsessionbyasset`,
    request: createSessionByAssetRequestSchema,
    response: createSessionByAssetResponseSchema,
    repeatable: false,
  },
  statSession: {
    path: `${sessionManager}/statsession`,
    request: () => sessionRequestSchema,
    response: statSessionResponseSchema,
    repeatable: true,
  },
  startSession: {
    path: `${sessionManager}/startsession`,
    request: () => sessionRequestSchema,
    response: acknowledgementSchema,
    repeatable: true,
  },
  closeSession: {
    path: `${sessionManager}/closesession`,
    request: () => sessionRequestSchema,
    response: acknowledgementSchema,
    repeatable: true,
  },
  listSessionOfUin: {
    path: `${sessionManager}/listsessionofuin`,
    request: () => listSessionOfUinRequestSchema,
    response: listSessionsResponseSchema,
    repeatable: true,
  },
  listSessionOfProjectId: {
    path: `${sessionManager}/listsessionofprojectid`,
    request: () => listSessionOfProjectIdRequestSchema,
    response: listSessionsResponseSchema,
    repeatable: true,
  },
  listSessionOfAssetVk: {
    path: `${sessionManager}/listsessionofassetvk`,
    request: () => listSessionOfAssetVkRequestSchema,
    response: listSessionsResponseSchema,
    repeatable: true,
  },
  updateSessionConfig: {
    path: `${sessionManager}/updatesessionconfig`,
    request: () => updateSessionConfigRequestSchema,
    response: acknowledgementSchema,
    repeatable: true,
  },
  getTrtcSign: {
    path: `${sessionManager}/gettrtcsign`,
    request: () => getTrtcSignRequestSchema,
    response: getTrtcSignResponseSchema,
    repeatable: true,
  },
  command: {
    path: `${interactDriver}/command`,
    request: () => commandRequestSchema,
    response: acknowledgementSchema,
    repeatable: false,
  },
}

export type EndpointName = keyof typeof endpoints
