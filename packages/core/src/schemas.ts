// The request and response schemas of every endpoint: `<endpoint>RequestSchema` and
// `<endpoint>ResponseSchema`. They are zod schemas, and therefore Standard Schemas.
import { createSessionRequestSchema as createSessionRequestSchemaFor } from './protocol/create-session'
import { createSessionByAssetRequestSchema as createSessionByAssetRequestSchemaFor } from './protocol/create-session-by-asset'

const publicCloud = { environment: 'saas', now: () => Date.now() } as const

/** `createsession` in the public cloud (1211/62102). */
export const createSessionRequestSchema = createSessionRequestSchemaFor(publicCloud)
/** `createsessionbyasset` in the public cloud (1211/62103). */
export const createSessionByAssetRequestSchema = createSessionByAssetRequestSchemaFor(publicCloud)

export { commandRequestSchema } from './protocol/command'
export type { RequestContext } from './protocol/create-request'
export { createSessionResponseSchema } from './protocol/create-session'
export { createSessionByAssetResponseSchema } from './protocol/create-session-by-asset'
export { getTrtcSignRequestSchema, getTrtcSignResponseSchema } from './protocol/get-trtc-sign'
export {
  listSessionOfAssetVkRequestSchema,
  listSessionOfProjectIdRequestSchema,
  listSessionOfUinRequestSchema,
  listSessionsResponseSchema as listSessionOfAssetVkResponseSchema,
  listSessionsResponseSchema as listSessionOfProjectIdResponseSchema,
  listSessionsResponseSchema as listSessionOfUinResponseSchema,
} from './protocol/list-sessions'
export {
  acknowledgementSchema as closeSessionResponseSchema,
  acknowledgementSchema as commandResponseSchema,
  acknowledgementSchema as startSessionResponseSchema,
  acknowledgementSchema as updateSessionConfigResponseSchema,
  sessionRequestSchema as closeSessionRequestSchema,
  sessionRequestSchema as startSessionRequestSchema,
  sessionRequestSchema as statSessionRequestSchema,
  statSessionResponseSchema,
} from './protocol/session-calls'
export { updateSessionConfigRequestSchema } from './protocol/update-session-config'
/** The create schemas for another environment or clock, such as a private deployment. */
export { createSessionByAssetRequestSchemaFor, createSessionRequestSchemaFor }
