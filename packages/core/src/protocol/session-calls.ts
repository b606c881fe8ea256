import * as z from 'zod'
import { reqIdSchema, sessionIdSchema } from './fields'
import { lenientFlag, lenientNumber, lenientText } from './lenient'

/** What statsession, startsession and closesession take (1211/62104–62106). */
export const sessionRequestSchema = z.strictObject({
  ReqId: reqIdSchema,
  SessionId: sessionIdSchema,
})
export type SessionRequest = z.input<typeof sessionRequestSchema>

/** The answer of `statsession` (1240/100389, 1211/62104). */
export const statSessionResponseSchema = z.looseObject({
  ReqId: lenientText,
  /** 1 ready, 2 closed, 3 preparing, 4 creation failed. */
  SessionStatus: z.number(),
  PlayStreamAddr: lenientText,
  SpeakStatus: lenientText,
  /** Stays true after the session closes, so it is no liveness test (1240/100389). */
  IsSessionStarted: lenientFlag,
  ErrorCode: lenientNumber,
  ErrorMessage: lenientText,
  CloseType: lenientNumber,
})
export type StatSessionResponse = z.infer<typeof statSessionResponseSchema>

/** The answer of `startsession` and `closesession`: the request's id and nothing else. */
export const acknowledgementSchema = z.looseObject({ ReqId: lenientText })
export type Acknowledgement = z.infer<typeof acknowledgementSchema>
