import { Socket } from 'node:dgram'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { RTCPeerConnection, useH264 } from 'werift'
import { type MediaPeer, openPeer } from './media-peer'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  vi.restoreAllMocks()
})

async function offer(media = 1): Promise<string> {
  const connection = new RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceInterfaceAddresses: { udp4: '127.0.0.1' },
    codecs: { audio: [], video: [useH264()] },
  })
  cleanups.push(() => connection.close())
  for (let count = 0; count < media; count++) {
    connection.addTransceiver('video', { direction: 'recvonly' })
  }
  await connection.setLocalDescription(await connection.createOffer())
  return connection.localDescription?.sdp ?? ''
}

async function answer(sdp: string): Promise<MediaPeer> {
  const peer = await openPeer(sdp, {
    hosts: ['127.0.0.1'],
    onConnected: () => undefined,
    onGone: () => undefined,
  })
  cleanups.push(() => peer.close())
  return peer
}

const candidate = (host: string): string => `candidate:1 1 udp 2130706431 ${host} 9 typ host`

describe('media peer', () => {
  it.each(['a1b2.local', 'host.localnet', 'fe80::1%en.local', ''])(
    'looks up no names: %s',
    async (host) => {
      const bind = vi.spyOn(Socket.prototype, 'bind')
      const sdp = await offer()
      for (const end of ['\r\n', '\n', '']) {
        const peer = await answer(`${sdp.trimEnd()}\r\na=${candidate(host)}${end}`)
        await peer.addCandidate(candidate(host), '0')
        await peer.addCandidate(candidate(host).slice('candidate:'.length), '0')
      }
      expect(bind.mock.calls.filter(([port]) => typeof port === 'number' && port > 0)).toEqual([])
      expect(bind).toHaveBeenCalled()
    },
  )

  it('accepts an offer with at most eight media sections', async () => {
    expect((await answer(await offer(8))).answer).toContain('m=video')
    await expect(answer(await offer(9))).rejects.toThrow('9 media')
  })
})
