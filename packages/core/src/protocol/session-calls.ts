import * as z from 'zod'
import { reqIdSchema, sessionIdSchema } from './fields'

/** What statsession, startsession and closesession take (1211/62104–62106). */
export const sessionRequestSchema = z.strictObject({
  ReqId: reqIdSchema,
  SessionId: sessionIdSchema,
})
export type SessionRequest = z.input<typeof sessionRequestSchema>

/** The answer of `statsession` (1240/100389, 1211/62104). */
export const statSessionResponseSchema = z.looseObject({
  ReqId: z.string().nullish(),
  /** 1 ready, 2 closed, 3 preparing, 4 creation failed. */
  SessionStatus: z.number(),
  PlayStreamAddr: z.string().nullish(),
  SpeakStatus: z.string().nullish(),
  /** Stays true after the session closes, so it is no liveness test (1240/100389). */
  IsSessionStarted: z.boolean().nullish(),
  ErrorCode: z.number().nullish(),
  ErrorMessage: z.string().nullish(),
  CloseType: z.number().nullish(),
})
export type StatSessionResponse = z.infer<typeof statSessionResponseSchema>

/** The answer of `startsession` and `closesession`: the request's id and nothing else. */
export const acknowledgementSchema = z.looseObject({ ReqId: z.string().nullish() })
export type Acknowledgement = z.infer<typeof acknowledgementSchema>
