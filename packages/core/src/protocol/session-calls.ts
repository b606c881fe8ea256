import * as z from 'zod'
import { reqIdSchema, sessionIdSchema } from './fields'
import { lenientFlag, lenientNumber, lenientText } from './lenient'

/** The request of `statsession`, `startsession` and `closesession` (1211/62104–62106). */
export const sessionRequestSchema = z.strictObject({
  ReqId: reqIdSchema,
  SessionId: sessionIdSchema,
})
export type SessionRequest = z.input<typeof sessionRequestSchema>

/** The response of `statsession` (1240/100389, 1211/62104). */
export const statSessionResponseSchema = z.looseObject({
  ReqId: lenientText,
  /** 1 ready, 2 closed, 3 preparing, 4 creation failed. */
  SessionStatus: z.number(),
  PlayStreamAddr: lenientText,
  SpeakStatus: lenientText,
  /** Stays true after the session is closed (1240/100389). */
  IsSessionStarted: lenientFlag,
  ErrorCode: lenientNumber,
  ErrorMessage: lenientText,
  CloseType: lenientNumber,
})
export type StatSessionResponse = z.infer<typeof statSessionResponseSchema>

/** The response of `startsession` and `closesession`. It holds only the request's id. */
export const acknowledgementSchema = z.looseObject({ ReqId: lenientText })
export type Acknowledgement = z.infer<typeof acknowledgementSchema>
