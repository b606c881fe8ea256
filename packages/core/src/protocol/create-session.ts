import * as z from 'zod'
import { createRequestFields, createResponseSchema, type RequestContext } from './create-request'
import { filledString } from './fields'

/** `createsession`: a stream from a platform project, which brings voice and scene (1211/62102). */
export function createSessionRequestSchema(context: RequestContext) {
  return z.strictObject({
    ...createRequestFields(context),
    VirtualmanProjectId: filledString,
  })
}
export type CreateSessionRequest = z.input<ReturnType<typeof createSessionRequestSchema>>
export const createSessionResponseSchema = createResponseSchema
