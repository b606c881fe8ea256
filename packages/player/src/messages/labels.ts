import type { PlayerErrorReason } from '../player-error'

/** Every sentence that the player shows. `{attempt}` and `{addresses}` are filled in. */
export interface PlayerLabels {
  loading: string
  waiting: string
  /** It was live and has stopped. */
  stopped: string
  stalled: string
  reconnecting: string
  offline: string
  ended: string
  /** Title and next step for each reason in the state `failed`. */
  errors: Record<PlayerErrorReason, { title: string; next: string }>
  /** Next step for an address that cannot play while another one of the same stream can. */
  playable: string
  /** Buttons. */
  unmute: string
  play: string
  retry: string
}

/** Words to put in place of the player's own, for one language or all. */
export type PlayerLabelOverrides = Partial<Omit<PlayerLabels, 'errors'>> & {
  errors?: Partial<PlayerLabels['errors']>
}

/** English. */
export const ENGLISH: PlayerLabels = {
  loading: 'Connecting to the live stream…',
  waiting: 'The live stream has not started yet. Waiting; it will appear here by itself.',
  stopped: 'The live stream has stopped. Waiting; it will come back here by itself.',
  stalled: 'The picture has stopped for a moment. Waiting for the stream…',
  reconnecting: 'The connection was lost. Reconnecting, attempt {attempt}…',
  offline: 'This device is offline. The stream goes on when the network is back.',
  ended: 'The live stream has ended.',
  errors: {
    'not-live': {
      title: 'The live stream is not running.',
      next: 'Try again when it has started.',
    },
    network: {
      title: 'The stream could not be reached.',
      next: 'Check the network connection, then try again.',
    },
    auth: {
      title: 'The server refused this stream address.',
      next: 'It may have expired or be signed wrongly. Reload the page to get a new one.',
    },
    signaling: {
      title: 'The page could not get an address for the stream.',
      next: 'Reload the page or try again.',
    },
    decode: {
      title: 'The stream arrives damaged.',
      next: 'Try again; if it stays so, the broadcaster has to look into it.',
    },
    codec: {
      title: 'This browser cannot decode this stream.',
      next: 'Try a current Chrome, Edge or Safari.',
    },
    unsupported: {
      title: 'This address cannot be played here.',
      next: 'It should be an HTTP-FLV address, ending in .flv.',
    },
    kicked: {
      title: 'The service has ended this session.',
      next: 'Reload the page to join again.',
    },
  },
  playable: 'The same stream plays at: {addresses}',
  unmute: 'Tap for sound',
  play: 'Tap to play',
  retry: 'Try again',
}

/** Chinese. */
export const CHINESE: PlayerLabels = {
  loading: '正在连接直播…',
  waiting: '直播尚未开始，正在等待，开始后将自动播放。',
  stopped: '直播已中断，正在等待，恢复后将自动播放。',
  stalled: '画面暂时停住，正在等待数据…',
  reconnecting: '连接已断开，正在第 {attempt} 次重连…',
  offline: '设备已离线，网络恢复后将继续播放。',
  ended: '直播已结束。',
  errors: {
    'not-live': { title: '直播未在进行。', next: '请在开播后重试。' },
    network: { title: '无法连接直播。', next: '请检查网络后重试。' },
    auth: {
      title: '服务器拒绝了该播放地址。',
      next: '地址可能已过期或签名有误，请刷新页面获取新地址。',
    },
    signaling: { title: '页面未能取得播放地址。', next: '请刷新页面或重试。' },
    decode: { title: '直播数据已损坏。', next: '请重试；若仍然如此，请联系主播方检查。' },
    codec: { title: '此浏览器无法解码该直播。', next: '请使用最新版 Chrome、Edge 或 Safari。' },
    unsupported: { title: '此地址无法在这里播放。', next: '请使用以 .flv 结尾的 HTTP-FLV 地址。' },
    kicked: { title: '服务端已结束本次会话。', next: '请刷新页面重新进入。' },
  },
  playable: '同一直播可用以下地址播放：{addresses}',
  unmute: '点按开启声音',
  play: '点按播放',
  retry: '重试',
}

/** The words for a language tag such as `zh-CN`; English for every language but Chinese. */
export function labelsFor(language: string, overrides: PlayerLabelOverrides = {}): PlayerLabels {
  const base = /^zh\b/i.test(language) ? CHINESE : ENGLISH
  return { ...base, ...overrides, errors: { ...base.errors, ...overrides.errors } }
}

/** Puts values into the places of a label; a place without a value stays. */
export function fillLabel(
  label: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return label.replace(/\{(\w+)\}/g, (place, name: string) => `${values[name] ?? place}`)
}
