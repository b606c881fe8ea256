import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Browser, Page } from 'playwright-core'
import { loudnessOfElement } from '../browser/loudness'
import type { ViewingSite } from './viewing-site'

/** The protocols by which a page can play a stream of the origin. */
export type Way = 'flv' | 'hls' | 'leb' | 'whep'

export interface Address {
  /** The play address. */
  readonly url: string
  /** Base address of LEB's signalling. */
  readonly signalling: string
}

interface HlsPlayer {
  loadSource(url: string): void
  attachMedia(video: HTMLVideoElement): void
}

declare global {
  interface Window {
    /** The video element that plays the stream. */
    viewed: HTMLVideoElement
    /** Ends playback and informs the origin. */
    stopViewing?: () => Promise<void>
    Hls: new () => HlsPlayer
  }
}

/** Opens a page that plays a stream with sound and the player's default settings. */
export async function view(
  browser: Browser,
  site: ViewingSite,
  way: Way,
  address: Address,
): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(site.url)
  if (way === 'flv') await page.evaluate(playFlv, address)
  else if (way === 'hls') await page.evaluate(playHls, address)
  else await page.evaluate(playWebRtc, { way, address })
  return page
}

async function playFlv({ url }: Address): Promise<void> {
  await customElements.whenDefined('ivh-player')
  const player = document.createElement('ivh-player') as IvhPlayerElement
  player.setAttribute('autoplay', '')
  player.src = url
  document.body.append(player)
  window.viewed = player.nativeEl
  window.stopViewing = async () => player.remove()
}

function playHls({ url }: Address): void {
  const video = document.querySelector('video')
  if (!video) throw new Error('the page has no video')
  const hls = new window.Hls()
  hls.loadSource(url)
  hls.attachMedia(video)
  window.viewed = video
}

/** Plays by WebRTC as the vendor documents it, without code of the kit, to test the origin. */
async function playWebRtc({ address, way }: { way: 'leb' | 'whep'; address: Address }) {
  const video = document.querySelector('video')
  if (!video) throw new Error('the page has no video')
  window.viewed = video
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const media = new MediaStream()
  peer.ontrack = ({ track }) => media.addTrack(track)
  peer.addTransceiver('audio', { direction: 'recvonly' })
  peer.addTransceiver('video', { direction: 'recvonly' })
  video.srcObject = media
  await peer.setLocalDescription(await peer.createOffer())
  const offer = peer.localDescription?.sdp ?? ''
  if (way === 'whep') {
    const headers = { 'Content-Type': 'application/sdp' }
    const response = await fetch(address.url, { method: 'POST', headers, body: offer })
    const resource = new URL(response.headers.get('Location') ?? '', response.url)
    await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() })
    window.stopViewing = async () => {
      await fetch(resource, { method: 'DELETE' })
    }
    return
  }
  const post = async (call: string, body: object) => {
    const response = await fetch(`${address.signalling}/webrtc/v1/${call}`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain;charset=utf-8' },
      body: JSON.stringify(body),
    })
    return response.json()
  }
  const streamurl = address.url
  const answer = await post('pullstream', {
    streamurl,
    sessionid: String(Math.random()),
    clientinfo: navigator.userAgent,
    localsdp: { type: 'offer', sdp: offer },
  })
  if (answer.errcode !== 0) throw new Error(JSON.stringify(answer))
  await peer.setRemoteDescription(answer.remotesdp)
  window.stopViewing = async () => {
    await post('stopstream', { streamurl, svrsig: answer.svrsig })
  }
}

export function framesOf(page: Page): Promise<number> {
  return page.evaluate(() => window.viewed.getVideoPlaybackQuality().totalVideoFrames)
}

/** The loudest root mean square of the sound during the next second, from 0 to 1. */
export async function loudnessOf(page: Page): Promise<number> {
  return loudnessOfElement(await page.evaluateHandle(() => window.viewed))
}

/** Average change of the lower half of the face from picture to picture, over 50 pictures. */
export function movementOf(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const context = new OffscreenCanvas(96, 72).getContext('2d', { willReadFrequently: true })
    if (!context) throw new Error('this browser has no canvas')
    const { viewed } = window
    const read = () => {
      const { videoHeight: height, videoWidth: width } = viewed
      const part = [width * 0.4, height * 0.35, width * 0.2, height * 0.3] as const
      context.drawImage(viewed, ...part, 0, 0, 96, 72)
      return context.getImageData(0, 0, 96, 72).data
    }
    let before = read()
    let moved = 0
    for (let count = 0; count < 50; count++) {
      await new Promise((resolve) => viewed.requestVideoFrameCallback(resolve))
      const now = read()
      moved += now.reduce((sum, value, at) => sum + Math.abs(value - (before[at] ?? 0)), 0)
      before = now
    }
    return moved / 50 / (96 * 72)
  })
}
