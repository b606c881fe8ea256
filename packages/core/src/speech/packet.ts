/** One message of a drive, ready to be sent. */
export interface Packet {
  /** The wire's `Seq`; 1 for a whole text. */
  readonly seq: number
  readonly frame: string
  /** Ends the drive and says nothing, so that it does no harm when it comes twice. */
  readonly final: boolean
  /** What it says; undefined for audio. */
  readonly text: string | undefined
}
