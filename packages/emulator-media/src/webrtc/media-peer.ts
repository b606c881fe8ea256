import { randomInt } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { MediaStreamTrack, RTCPeerConnection } from 'werift'
import { NegotiationError } from './negotiation-error'

export interface MediaPeerOptions {
  /** Addresses under which the viewer may reach us. */
  readonly hosts: readonly string[]
  readonly onConnected: () => void
  /** The viewer has left or cannot be reached; may come more than once. */
  readonly onGone: () => void
}

/** One viewer's WebRTC connection: sends H.264 and Opus. */
export interface MediaPeer {
  /** The answer, with every candidate in it. */
  readonly answer: string
  /** RTP payloads of one picture; `timestamp` counts 90 000 a second. */
  sendVideo(payloads: readonly Buffer[], timestamp: number): void
  /** One Opus packet; `timestamp` counts 48 000 a second. */
  sendAudio(payload: Buffer, timestamp: number): void
  /**
   * How much has come from the viewer: reports, connectivity checks and answers to ours. One that is
   * there sends something every few seconds (RFC 3550, RFC 7675).
   */
  received(): number
  /** Takes an address of the viewer, `candidate:…`; one that is not IPv4 is left out. */
  addCandidate(candidate: string, mid: string): Promise<void>
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

/**
 * Answers a viewer's offer. Everything is in the answer: LEB knows no trickle.
 *
 * @throws NegotiationError when the offer is no SDP, or has no H.264.
 */
export async function openPeer(offer: string, options: MediaPeerOptions): Promise<MediaPeer> {
  checkOffer(offer)
  const werift = await import('werift')
  const { hosts } = options
  const onlyLoopback = hosts.every((host) => host === LOOPBACK)
  const connection = new werift.RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: [...hosts],
    ...(onlyLoopback ? { iceInterfaceAddresses: { udp4: LOOPBACK } } : {}),
    bundlePolicy: 'max-bundle',
    codecs: { audio: [werift.useOPUS()], video: [werift.useH264()] },
  })
  try {
    const tracks = await negotiate(connection, offer, werift)
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') options.onConnected()
      else if (state === 'disconnected' || state === 'failed' || state === 'closed')
        options.onGone()
    })
    const answer = connection.localDescription?.sdp
    if (answer === undefined) throw new NegotiationError('the offer could not be answered')
    const video = new RtpLine(tracks.video, werift)
    const audio = tracks.audio && new RtpLine(tracks.audio, werift)
    return {
      answer: onlyCandidatesOf(hosts, answer),
      sendVideo: (payloads, timestamp) => {
        payloads.forEach((payload, index) => {
          video.send(payload, timestamp, index === payloads.length - 1)
        })
      },
      sendAudio: (payload, timestamp) => audio?.send(payload, timestamp, false),
      received: () => receivedBy(connection),
      addCandidate: async (candidate, sdpMid) => {
        if (hasAddress(candidate)) await connection.addIceCandidate({ candidate, sdpMid })
      },
      close: () => connection.close(),
    }
  } catch (cause) {
    await connection.close()
    if (cause instanceof NegotiationError) throw cause
    const text = cause instanceof Error ? cause.message : String(cause)
    throw new NegotiationError(`the offer cannot be read as SDP: ${text}`, { cause })
  }
}

const H264_WANTED = 'the offer has no video with H.264, which is all that there is here'

const LINE_END = /\r?\n/
/** Players ask for one of each kind; every one makes the answer dearer. */
const MAX_MEDIA = 8

/** What the library would refuse with less to say, or not at all. */
function checkOffer(offer: string): void {
  const media = offer.match(/^m=/gm)?.length ?? 0
  if (media > MAX_MEDIA) {
    throw new NegotiationError(
      `the offer has ${media} media, of which ${MAX_MEDIA} are the most here`,
    )
  }
  if (!/^v=0\r?\n/.test(offer)) throw new NegotiationError('the offer is no SDP')
  if (!/^a=rtpmap:\d+ H264\/90000/im.test(offer)) throw new NegotiationError(H264_WANTED)
}

type Werift = typeof import('werift')

async function negotiate(connection: RTCPeerConnection, offer: string, werift: Werift) {
  await connection.setRemoteDescription({ type: 'offer', sdp: onlyAddresses(offer) })
  let video: MediaStreamTrack | undefined
  let audio: MediaStreamTrack | undefined
  for (const transceiver of connection.getTransceivers()) {
    const { codecs, kind, sender } = transceiver
    if (kind === 'unknown' || codecs.length === 0) continue
    const track = new werift.MediaStreamTrack({ kind })
    await sender.replaceTrack(track)
    transceiver.setDirection('sendonly')
    if (kind === 'video') video ??= track
    else audio ??= track
  }
  if (!video) throw new NegotiationError(H264_WANTED)
  await connection.setLocalDescription(await connection.createAnswer())
  return { video, audio }
}

function receivedBy(connection: RTCPeerConnection): number {
  let sum = 0
  for (const transport of connection.iceTransports) {
    const pair = transport.connection.nominated
    if (pair) sum += pair.packetsReceived + pair.requestsReceived + pair.responsesReceived
  }
  return sum
}

/** One direction of one kind of media, with RTP's running numbers. */
class RtpLine {
  #sequenceNumber = randomInt(0x10000)
  readonly #offset = randomInt(0x100000000)

  constructor(
    private readonly track: MediaStreamTrack,
    private readonly werift: Werift,
  ) {}

  send(payload: Buffer, timestamp: number, marker: boolean): void {
    this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff
    const header = new this.werift.RtpHeader({
      sequenceNumber: this.#sequenceNumber,
      timestamp: (timestamp + this.#offset) % 0x100000000,
      marker,
    })
    this.track.writeRtp(new this.werift.RtpPacket(header, payload))
  }
}

/**
 * Whether a candidate, in an offer or alone, names an IPv4 address, which is all that is served. Browsers
 * hide theirs behind `.local` names; werift looks such a name up on port 5353 of every interface, and ends
 * the process when another program has it.
 */
function hasAddress(candidate: string): boolean {
  return isIPv4(candidate.split(' ')[4] ?? '')
}

function onlyAddresses(offer: string): string {
  return offer
    .split(LINE_END)
    .filter((line) => !line.startsWith('a=candidate:') || hasAddress(line))
    .join('\r\n')
}

/** werift gathers every interface; the viewer gets those that were asked for. */
function onlyCandidatesOf(hosts: readonly string[], sdp: string): string {
  return sdp.replace(/^a=candidate:\S+ \S+ \S+ \S+ (\S+) .*\r?\n/gm, (line, address: string) =>
    hosts.includes(address) ? line : '',
  )
}
