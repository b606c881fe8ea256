import type * as z from 'zod'
import { commandRequestSchema } from './command'
import { createResponseSchema } from './create-request'
import { createSessionByAssetRequestSchema, createSessionRequestSchema } from './create-session'
import type { EndpointName } from './endpoints'
import * as calls from './session-calls'

/** A schema of a request or response payload. */
export type PayloadSchema = z.ZodType<object>
export type InputOf<Schema extends PayloadSchema> = z.input<Schema>
export type OutputOf<Schema extends PayloadSchema> = z.output<Schema>

const { acknowledgementSchema, listSessionsResponseSchema, sessionRequestSchema } = calls

/**
 * The schemas of every endpoint. Request schemas are functions, because the environment and the clock decide
 * which fields a create request may hold.
 */
export const endpointSchemas = {
  createSession: { request: createSessionRequestSchema, response: createResponseSchema },
  createSessionByAsset: {
    request: createSessionByAssetRequestSchema,
    response: createResponseSchema,
  },
  statSession: {
    request: () => sessionRequestSchema,
    response: calls.statSessionResponseSchema,
  },
  startSession: { request: () => sessionRequestSchema, response: acknowledgementSchema },
  closeSession: { request: () => sessionRequestSchema, response: acknowledgementSchema },
  listSessionOfUin: {
    request: () => calls.listSessionOfUinRequestSchema,
    response: listSessionsResponseSchema,
  },
  listSessionOfProjectId: {
    request: () => calls.listSessionOfProjectIdRequestSchema,
    response: listSessionsResponseSchema,
  },
  listSessionOfAssetVk: {
    request: () => calls.listSessionOfAssetVkRequestSchema,
    response: listSessionsResponseSchema,
  },
  updateSessionConfig: {
    request: () => calls.updateSessionConfigRequestSchema,
    response: acknowledgementSchema,
  },
  getTrtcSign: {
    request: () => calls.getTrtcSignRequestSchema,
    response: calls.getTrtcSignResponseSchema,
  },
  command: { request: () => commandRequestSchema, response: acknowledgementSchema },
} as const satisfies Record<EndpointName, EndpointSchemas>

interface EndpointSchemas {
  readonly request: (context: never) => PayloadSchema
  readonly response: PayloadSchema
}
