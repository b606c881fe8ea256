import * as z from 'zod'

/** The body of every request: an empty `Header` and the `Payload` (1211/62100). */
export interface RequestEnvelope<Payload> {
  Header: Record<string, never>
  Payload: Payload
}

/**
 * The header of every response. Business errors come with HTTP status 200 and `Code` other than 0.
 * `SessionID` is a trace id of the gateway, not the SessionId of a digital human.
 */
export const responseHeaderSchema = z.looseObject({
  Code: z.number(),
  Message: z.string().nullish(),
  RequestID: z.string().nullish(),
  SessionID: z.string().nullish(),
  DialogID: z.string().nullish(),
})
export type ResponseHeader = z.infer<typeof responseHeaderSchema>

/** The body of every response. `Payload` may be missing, null or empty on errors. */
export const responseEnvelopeSchema = z.looseObject({
  Header: responseHeaderSchema,
  Payload: z.unknown().optional(),
})
export type ResponseEnvelope = z.infer<typeof responseEnvelopeSchema>

/**
 * The body of every request as a server reads it. The documents show both keys (1211/62100); public clients
 * send no `Header`, or an empty array.
 */
export const requestEnvelopeSchema = z.looseObject({
  Header: z.union([z.looseObject({}), z.array(z.unknown())]).optional(),
  Payload: z.looseObject({}),
})
