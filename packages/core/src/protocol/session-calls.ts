import * as z from 'zod'
import { filledString, reqIdSchema, sessionIdSchema, userIdSchema } from './fields'
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

/** `listsessionofuin`: the account's sessions in progress (1240/100393, 1211/62109). */
export const listSessionOfUinRequestSchema = z.strictObject({ ReqId: reqIdSchema })

/** `listsessionofprojectid`: a project's sessions in progress (1211/62107). */
export const listSessionOfProjectIdRequestSchema = z.strictObject({
  ReqId: reqIdSchema,
  VirtualmanProjectId: filledString,
})

/** `listsessionofassetvk`: an avatar's sessions in progress (1211/62108). */
export const listSessionOfAssetVkRequestSchema = z.strictObject({
  ReqId: reqIdSchema,
  AssetVirtualmanKey: filledString,
})

/**
 * One session in progress of the account. Only UserId, SessionId and SessionStatus must be valid. The last
 * six fields are documented for the mainland only.
 */
export const listedSessionSchema = z.looseObject({
  UserId: z.string(),
  SessionId: z.string(),
  SessionStatus: z.number(),
  PlayStreamAddr: lenientText,
  /**
   * The driver type. The vendor's table has a string, every sample a number (1240/100393). Both are read as a
   * number.
   */
  DriverType: lenientNumber,
  IsSessionStarted: lenientFlag,
  VirtualmanType: lenientText,
  /** 0 by project, 1 by asset. */
  CreateType: lenientNumber,
  VirtualmanKey: lenientText,
  AssetVirtualmanKey: lenientText,
  VirtualmanProjectId: lenientText,
})
export type ListedSession = z.infer<typeof listedSessionSchema>

/** The response of the three list calls: sessions in progress only. No paging is documented. A missing list counts as empty. */
export const listSessionsResponseSchema = z.looseObject({
  ReqId: lenientText,
  Sessions: z
    .array(listedSessionSchema)
    .nullish()
    .transform((sessions) => sessions ?? []),
})
export type ListSessionsResponse = z.infer<typeof listSessionsResponseSchema>

/** `SpaceParam`: place and size of a 2D avatar (1240/100403, 1211/62119). */
export const spaceParamSchema = z.strictObject({
  /** URL of a jpg, jpeg or png below 1 MB. Without it the background does not change. */
  BackgroundUrl: filledString.optional(),
  /** Horizontal position, −0.5 to 0.5; 0 is the centre. */
  ImagePosition: z.number().min(-0.5).max(0.5),
  /** Vertical position, −0.5 to 0.25; 0 is the bottom. */
  ImagePositionVertical: z.number().min(-0.5).max(0.25),
  /** Scale; 0.25 to 2 is recommended. */
  ImageZoom: z.number().positive(),
})

/** `ImageParam`: rotation and colours of a 3D avatar. `ImageExtraParam` is JSON text in every sample. */
export const imageParamSchema = z.strictObject({
  ImageVerticalOffset: z.number().optional(),
  /** Rotation of the upper body in degrees. */
  ImageHorizontalOffset: z.number().optional(),
  ImageExtraParam: z.string().optional(),
})

/** `updatesessionconfig`: moves the avatar while it is live. Deprecated by the vendor; once per 5 s. */
export const updateSessionConfigRequestSchema = z.strictObject({
  ReqId: reqIdSchema,
  SessionId: sessionIdSchema,
  SpaceParam: spaceParamSchema.optional(),
  ImageParam: imageParamSchema.optional(),
})

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
