// The request and response schemas of every endpoint: `<endpoint>RequestSchema` and
// `<endpoint>ResponseSchema`. They are zod schemas, and therefore Standard Schemas.
import {
  createSessionByAssetRequestSchema as createSessionByAssetRequestSchemaFor,
  createSessionRequestSchema as createSessionRequestSchemaFor,
} from './protocol/create-session'

const publicCloud = { environment: 'saas', now: () => Date.now() } as const

/** `createsession` in the public cloud (1211/62102). */
export const createSessionRequestSchema = createSessionRequestSchemaFor(publicCloud)
/** `createsessionbyasset` in the public cloud (1211/62103). */
export const createSessionByAssetRequestSchema = createSessionByAssetRequestSchemaFor(publicCloud)

export { commandRequestSchema } from './protocol/command'
export {
  createResponseSchema as createSessionByAssetResponseSchema,
  createResponseSchema as createSessionResponseSchema,
  type RequestContext,
} from './protocol/create-request'
export {
  acknowledgementSchema as closeSessionResponseSchema,
  acknowledgementSchema as commandResponseSchema,
  acknowledgementSchema as startSessionResponseSchema,
  acknowledgementSchema as updateSessionConfigResponseSchema,
  getTrtcSignRequestSchema,
  getTrtcSignResponseSchema,
  listSessionOfAssetVkRequestSchema,
  listSessionOfProjectIdRequestSchema,
  listSessionOfUinRequestSchema,
  listSessionsResponseSchema as listSessionOfAssetVkResponseSchema,
  listSessionsResponseSchema as listSessionOfProjectIdResponseSchema,
  listSessionsResponseSchema as listSessionOfUinResponseSchema,
  sessionRequestSchema as closeSessionRequestSchema,
  sessionRequestSchema as startSessionRequestSchema,
  sessionRequestSchema as statSessionRequestSchema,
  statSessionResponseSchema,
  updateSessionConfigRequestSchema,
} from './protocol/session-calls'
/** The create schemas for another environment or clock, such as a private deployment. */
export { createSessionByAssetRequestSchemaFor, createSessionRequestSchemaFor }
