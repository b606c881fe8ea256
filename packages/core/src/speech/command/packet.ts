/** One message of a command, ready to be sent. */
export interface Packet {
  /** `Seq` on the wire; 1 for a whole text. */
  readonly seq: number
  readonly frame: string
  /** Ends the command and holds no content, so it does no harm when it arrives twice. */
  readonly final: boolean
  /** Its text; undefined for audio. */
  readonly text: string | undefined
}
