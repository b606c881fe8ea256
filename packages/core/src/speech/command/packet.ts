/** One message of a command, ready to be sent. */
export interface Packet {
  /** `Seq` on the wire; 1 for a whole text. */
  readonly seq: number
  readonly frame: string
  /** True for the packet that ends the command. It has no content, so a second copy does no harm. */
  readonly final: boolean
  /** Text of the packet; undefined for audio. */
  readonly text: string | undefined
}
