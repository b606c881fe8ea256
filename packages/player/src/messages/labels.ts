import type { PlayerErrorReason } from '../player-error'

/** All texts that the player shows. The player fills in `{attempt}` and `{addresses}`. */
export interface PlayerLabels {
  loading: string
  waiting: string
  /** The stream was live and has stopped. */
  stopped: string
  stalled: string
  reconnecting: string
  offline: string
  ended: string
  /** Title and hint for each reason in the state `failed`. */
  errors: Record<PlayerErrorReason, { title: string; hint: string }>
  /** Hint for an unplayable address when another address of the same stream plays. */
  playable: string
  /** Buttons. */
  unmute: string
  play: string
  retry: string
}

/** Texts that replace the player's own. */
export type PlayerLabelOverrides = Partial<Omit<PlayerLabels, 'errors'>> & {
  errors?: Partial<PlayerLabels['errors']>
}

/** The English texts. */
export const english: PlayerLabels = {
  loading: 'Connecting to the live stream…',
  waiting: 'The live stream has not started yet. It will play here automatically.',
  stopped: 'The live stream has stopped. It will continue here automatically.',
  stalled: 'The picture has stopped. Waiting for data…',
  reconnecting: 'The connection was lost. Reconnecting, attempt {attempt}…',
  offline: 'This device is offline. Playback continues when the network is back.',
  ended: 'The live stream has ended.',
  errors: {
    'not-live': {
      title: 'The live stream is not running.',
      hint: 'Try again when it has started.',
    },
    network: {
      title: 'The live stream cannot be reached.',
      hint: 'Check the network connection, then try again.',
    },
    'connection-limit': {
      title: 'Too many live streams are open.',
      hint: 'The browser opens at most six from one server. Close one of them.',
    },
    auth: {
      title: 'The server refused this stream address.',
      hint: 'The address may have expired, or its signature is wrong. Reload the page to get a new one.',
    },
    signaling: {
      title: 'The page could not get a stream address.',
      hint: 'Reload the page or try again.',
    },
    decode: {
      title: 'The stream data is damaged.',
      hint: 'Try again. If it stays damaged, contact the broadcaster.',
    },
    codec: {
      title: 'This browser cannot decode the stream.',
      hint: 'Use a current version of Chrome, Edge or Safari.',
    },
    unsupported: {
      title: 'This address cannot be played here.',
      hint: 'Use an HTTP-FLV address: http(s)://….flv.',
    },
    kicked: {
      title: 'The service has ended this session.',
      hint: 'Reload the page to join again.',
    },
  },
  playable: 'The same stream plays at: {addresses}',
  unmute: 'Tap for sound',
  play: 'Tap to play',
  retry: 'Try again',
}

/** The Chinese texts. */
export const chinese: PlayerLabels = {
  loading: '正在连接直播…',
  waiting: '直播尚未开始，开始后将在此自动播放。',
  stopped: '直播已中断，恢复后将在此自动继续。',
  stalled: '画面已停住，正在等待数据…',
  reconnecting: '连接已断开，正在第 {attempt} 次重连…',
  offline: '设备已离线，网络恢复后将继续播放。',
  ended: '直播已结束。',
  errors: {
    'not-live': { title: '直播未在进行。', hint: '请在开播后重试。' },
    network: { title: '无法连接直播。', hint: '请检查网络后重试。' },
    'connection-limit': {
      title: '打开的直播过多。',
      hint: '浏览器对同一服务器最多同时打开六路直播，请关闭其中一路。',
    },
    auth: {
      title: '服务器拒绝了该播放地址。',
      hint: '地址可能已过期或签名有误，请刷新页面获取新地址。',
    },
    signaling: { title: '页面未能取得播放地址。', hint: '请刷新页面或重试。' },
    decode: { title: '直播数据已损坏。', hint: '请重试；若仍然如此，请联系主播方。' },
    codec: { title: '此浏览器无法解码该直播。', hint: '请使用最新版 Chrome、Edge 或 Safari。' },
    unsupported: {
      title: '此地址无法在这里播放。',
      hint: '请使用 HTTP-FLV 地址：http(s)://….flv。',
    },
    kicked: { title: '服务端已结束本次会话。', hint: '请刷新页面重新进入。' },
  },
  playable: '同一直播可用以下地址播放：{addresses}',
  unmute: '点按开启声音',
  play: '点按播放',
  retry: '重试',
}

/** The texts for a language tag such as `zh-CN`; English for every language except Chinese. */
export function labelsFor(language: string, overrides: PlayerLabelOverrides = {}): PlayerLabels {
  const base = /^zh\b/i.test(language) ? chinese : english
  return { ...base, ...overrides, errors: { ...base.errors, ...overrides.errors } }
}

/** Fills values into the placeholders of a label. A placeholder without a value stays. */
export function fillLabel(
  label: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return label.replace(
    /\{(\w+)\}/g,
    (placeholder, name: string) => `${values[name] ?? placeholder}`,
  )
}
