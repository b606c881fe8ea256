import { randomInt } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { MediaStreamTrack, RTCPeerConnection } from 'werift'

/** An offer cannot be answered. The message is sent to the viewer. */
export class NegotiationError extends Error {
  override readonly name = 'NegotiationError'
}

export interface MediaPeerOptions {
  /** Addresses of this machine for the viewer. */
  readonly hosts: readonly string[]
  readonly onConnected: () => void
  /** Called when the viewer has left or is unreachable; may be called more than once. */
  readonly onGone: () => void
}

/** The WebRTC connection of one viewer: sends H.264 and Opus. */
export interface MediaPeer {
  /** The answer with all candidates. */
  readonly answer: string
  /** Sends the RTP payloads of one picture; `timestamp` counts 90,000 per second. */
  sendVideo(payloads: readonly Buffer[], timestamp: number): void
  /** Sends one Opus packet; `timestamp` counts 48,000 per second. */
  sendAudio(payload: Buffer, timestamp: number): void
  /**
   * Returns the number of packets from the viewer: reports, connectivity checks and responses. A connected
   * viewer sends one every few seconds (RFC 3550, RFC 7675).
   */
  received(): number
  /** Adds a candidate of the viewer, `candidate:…`. Candidates other than IPv4 are ignored. */
  addCandidate(candidate: string, mid: string): Promise<void>
  close(): Promise<void>
}

const loopback = '127.0.0.1'

/**
 * Answers the offer of a viewer. The answer has all candidates, because LEB has no trickle ICE.
 *
 * @throws NegotiationError when the offer is not SDP, or has video without H.264, or neither video nor sound.
 */
export async function openPeer(offer: string, options: MediaPeerOptions): Promise<MediaPeer> {
  checkOffer(offer)
  const werift = await import('werift')
  const { hosts } = options
  const onlyLoopback = hosts.every((host) => host === loopback)
  const connection = new werift.RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: [...hosts],
    ...(onlyLoopback ? { iceInterfaceAddresses: { udp4: loopback } } : {}),
    bundlePolicy: 'max-bundle',
    codecs: { audio: [werift.useOPUS()], video: [werift.useH264()] },
  })
  try {
    const tracks = await negotiate(connection, offer, werift)
    connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') options.onConnected()
      else if (state === 'disconnected' || state === 'failed' || state === 'closed') {
        options.onGone()
      }
    })
    const answer = connection.localDescription?.sdp
    if (answer === undefined) throw new NegotiationError('the offer could not be answered')
    const sendVideo = tracks.video && rtpLine(tracks.video, werift)
    const sendAudio = tracks.audio && rtpLine(tracks.audio, werift)
    return {
      answer: onlyCandidatesOf(hosts, answer),
      sendVideo: (payloads, timestamp) => {
        payloads.forEach((payload, index) => {
          sendVideo?.(payload, timestamp, index === payloads.length - 1)
        })
      },
      sendAudio: (payload, timestamp) => sendAudio?.(payload, timestamp, false),
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
    throw new NegotiationError(`the offer is not valid SDP: ${text}`, { cause })
  }
}

const noH264 = 'the offer must have video with H.264, the only supported codec'
const noMedia = 'the offer must have video with H.264, or sound with Opus and no video'

const lineEnd = /\r?\n/
/** Maximum number of media sections in an offer. Players need one of each kind. */
const maxMedia = 8

/** Refuses offers that the library accepts, or refuses without a clear reason. */
function checkOffer(offer: string): void {
  const media = offer.match(/^m=/gm)?.length ?? 0
  if (media > maxMedia) {
    throw new NegotiationError(`the offer has ${media} media; allowed are at most ${maxMedia}`)
  }
  if (!/^v=0\r?\n/.test(offer)) throw new NegotiationError('the offer must be SDP')
  // A port of 0 means that the viewer does not want the media.
  const wants = (kind: string): boolean => new RegExp(`^m=${kind} (?!0 )`, 'm').test(offer)
  if (!wants('video') && !wants('audio')) throw new NegotiationError(noMedia)
  if (wants('video') && !/^a=rtpmap:\d+ H264\/90000/im.test(offer)) {
    throw new NegotiationError(noH264)
  }
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
  if (!video && !audio) throw new NegotiationError(noMedia)
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

/** Returns a function that sends one kind of media with RTP sequence numbers and timestamps. */
function rtpLine(track: MediaStreamTrack, { RtpHeader, RtpPacket }: Werift) {
  let sequenceNumber = randomInt(0x10000)
  const offset = randomInt(0x100000000)
  return (payload: Buffer, time: number, marker: boolean): void => {
    sequenceNumber = (sequenceNumber + 1) & 0xffff
    const timestamp = (time + offset) % 0x100000000
    const header = new RtpHeader({ sequenceNumber, timestamp, marker })
    track.writeRtp(new RtpPacket(header, payload))
  }
}

/**
 * True for a candidate with an IPv4 address. Browsers replace their addresses by `.local` names. werift would
 * look up such a name on port 5353, and end the process when another program uses that port.
 */
function hasAddress(candidate: string): boolean {
  return isIPv4(candidate.split(' ')[4] ?? '')
}

function onlyAddresses(offer: string): string {
  return offer
    .split(lineEnd)
    .filter((line) => !line.startsWith('a=candidate:') || hasAddress(line))
    .join('\r\n')
}

/** Removes the candidates of other interfaces, because werift gathers all of them. */
function onlyCandidatesOf(hosts: readonly string[], sdp: string): string {
  return sdp.replace(/^a=candidate:\S+ \S+ \S+ \S+ (\S+) .*\r?\n/gm, (line, address: string) =>
    hosts.includes(address) ? line : '',
  )
}
