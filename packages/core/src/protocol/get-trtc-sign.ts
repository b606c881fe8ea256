import * as z from 'zod'
import { filledString, reqIdSchema, sessionIdSchema, userIdSchema } from './fields'

/**
 * `gettrtcsign`: credentials for another user to enter the avatar's room; only with the platform's own
 * TRTC app (1240/100405, 1211/62121). RoomId is a number on the mainland page and a string on the
 * international one; both are accepted.
 */
export const getTrtcSignRequestSchema = z
  .strictObject({
    ReqId: reqIdSchema,
    SessionId: sessionIdSchema,
    /** The user that joins, not the avatar. */
    UserId: userIdSchema,
    RoomId: z.union([z.int().min(1).max(4294967294), filledString]).optional(),
    StrRoomId: filledString.optional(),
  })
  .refine(({ RoomId, StrRoomId }) => RoomId !== undefined || StrRoomId !== undefined, {
    path: ['RoomId'],
    error: 'or StrRoomId is required',
  })

/** The response of `gettrtcsign`. `UserSig` and `PrivateMapKey` are secrets. */
export const getTrtcSignResponseSchema = z.looseObject({
  ReqId: z.string().nullish(),
  UserSig: z.string().min(1),
  PrivateMapKey: z.string().nullish(),
})
export type GetTrtcSignResponse = z.infer<typeof getTrtcSignResponseSchema>
