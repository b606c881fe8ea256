import { commandRequestSchema } from './command'
import { createSessionRequestSchema, createSessionResponseSchema } from './create-session'
import {
  createSessionByAssetRequestSchema,
  createSessionByAssetResponseSchema,
} from './create-session-by-asset'
import {
  acknowledgementSchema,
  sessionRequestSchema,
  statSessionResponseSchema,
} from './session-calls'

const sessionManager = '/v2/ivh/sessionmanager/sessionmanagerservice'
const interactDriver = '/v2/ivh/interactdriver/interactdriverservice'

/**
 * The calls of the interactive API: where each lives, what it takes, what it answers. Request schemas
 * are made per context, because the environment and the clock decide what is allowed.
 */
export const endpoints = {
  createSession: {
    path: `${sessionManager}/createsession`,
    request: createSessionRequestSchema,
    response: createSessionResponseSchema,
  },
  createSessionByAsset: {
    path: `${sessionManager}/createsessionbyasset`,
    request: createSessionByAssetRequestSchema,
    response: createSessionByAssetResponseSchema,
  },
  statSession: {
    path: `${sessionManager}/statsession`,
    request: () => sessionRequestSchema,
    response: statSessionResponseSchema,
  },
  startSession: {
    path: `${sessionManager}/startsession`,
    request: () => sessionRequestSchema,
    response: acknowledgementSchema,
  },
  closeSession: {
    path: `${sessionManager}/closesession`,
    request: () => sessionRequestSchema,
    response: acknowledgementSchema,
  },
  command: {
    path: `${interactDriver}/command`,
    request: () => commandRequestSchema,
    response: acknowledgementSchema,
  },
} as const

export type EndpointName = keyof typeof endpoints
