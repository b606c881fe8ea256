import type * as z from 'zod'
import { commandRequestSchema } from './command'
import { createSessionRequestSchema, createSessionResponseSchema } from './create-session'
import {
  createSessionByAssetRequestSchema,
  createSessionByAssetResponseSchema,
} from './create-session-by-asset'
import type { EndpointName } from './endpoints'
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

/** A schema of a request or response payload. */
export type PayloadSchema = z.ZodType<object>
export type InputOf<Schema extends PayloadSchema> = z.input<Schema>
export type OutputOf<Schema extends PayloadSchema> = z.output<Schema>

/**
 * The schemas of every endpoint. Request schemas are functions, because the environment and the clock decide
 * which fields a create request may hold.
 */
export const endpointSchemas = {
  createSession: {
    request: createSessionRequestSchema,
    response: createSessionResponseSchema,
  },
  createSessionByAsset: {
    request: createSessionByAssetRequestSchema,
    response: createSessionByAssetResponseSchema,
  },
  statSession: { request: () => sessionRequestSchema, response: statSessionResponseSchema },
  startSession: { request: () => sessionRequestSchema, response: acknowledgementSchema },
  closeSession: { request: () => sessionRequestSchema, response: acknowledgementSchema },
  listSessionOfUin: {
    request: () => listSessionOfUinRequestSchema,
    response: listSessionsResponseSchema,
  },
  listSessionOfProjectId: {
    request: () => listSessionOfProjectIdRequestSchema,
    response: listSessionsResponseSchema,
  },
  listSessionOfAssetVk: {
    request: () => listSessionOfAssetVkRequestSchema,
    response: listSessionsResponseSchema,
  },
  updateSessionConfig: {
    request: () => updateSessionConfigRequestSchema,
    response: acknowledgementSchema,
  },
  getTrtcSign: { request: () => getTrtcSignRequestSchema, response: getTrtcSignResponseSchema },
  command: { request: () => commandRequestSchema, response: acknowledgementSchema },
} as const satisfies Record<EndpointName, EndpointSchemas>

interface EndpointSchemas {
  readonly request: (context: never) => PayloadSchema
  readonly response: PayloadSchema
}
