/** The vendor's package has no types; this is the part of it that is used (1.0.2). Lives are seconds. */
declare module 'tls-sig-api-v2' {
  class Api {
    constructor(sdkAppId: number, secretKey: string)
    genUserSig(userId: string, life: number): string
    genPrivateMapKey(userId: string, life: number, roomId: number, privileges: number): string
    genPrivateMapKeyWithStringRoomID(
      userId: string,
      life: number,
      roomId: string,
      privileges: number,
    ): string
  }
  /** As CommonJS is imported: all of it is under `default`. */
  const exported: { readonly Api: typeof Api }
  export default exported
}
