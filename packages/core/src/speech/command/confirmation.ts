import { type Packet, UnconfirmedPackets } from './unconfirmed-packets'

/**
 * The rule for the packets that an event of a command confirms. `whole`: the only packet. `sentences`:
 * SentenceStart and SentenceOver name the packet by its Seq. `first`: only the first packet.
 */
export type ConfirmationRule = 'whole' | 'sentences' | 'first'

/** The confirmed part of a command. */
export class Confirmation {
  readonly rule: ConfirmationRule
  readonly unconfirmed = new UnconfirmedPackets()
  /** True when an event has arrived: the service has the first packet. */
  known = false
  /** True when an event has arrived on the present connection. */
  knownSinceReconnect = false
  /** True when the service has spoken every confirmed packet. */
  idle = false
  /** Time of the reconnect, or of the last message about the command. */
  quietSince = 0

  constructor(rule: ConfirmationRule) {
    this.rule = rule
  }

  /** Call it with each packet that is sent for the first time. */
  sent(packet: Packet): void {
    this.idle = false
    this.unconfirmed.add(packet)
  }

  /** Call it with each event of the command. */
  receive(speakStatus: string, seq: number): void {
    this.knownSinceReconnect = true
    this.known = true
    this.unconfirmed.confirm(1)
    // Only SentenceStart and SentenceOver confirm a `Seq`: the meaning of `Seq` in SentenceNext is
    // undocumented.
    if (this.rule !== 'sentences') return
    if (speakStatus !== 'SentenceStart' && speakStatus !== 'SentenceOver') return
    this.unconfirmed.confirm(seq)
    this.idle = speakStatus === 'SentenceOver' && seq >= this.unconfirmed.confirmedSeq
  }

  reconnected(now: number): void {
    this.knownSinceReconnect = false
    this.quietSince = now
  }
}
