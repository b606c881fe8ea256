import * as z from 'zod'
import { filledString, reqIdSchema } from './fields'
import { lenientFlag, lenientNumber, lenientText } from './lenient'

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
