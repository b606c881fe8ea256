/** Types for the used part of the vendor's package (1.0.2), which has no types. Lifetimes are in seconds. */
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
  /** The exports. The package is CommonJS, so an import finds all of them under `default`. */
  const exported: { readonly Api: typeof Api }
  export default exported
}
