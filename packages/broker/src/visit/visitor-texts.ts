/** A language that visitors read. */
export type Language = 'en' | 'zh'

/** What a visitor reads about a problem. Operators read the log. */
export interface VisitorText {
  readonly message: string
  readonly hint?: string
}

const english = {
  busy: {
    message: 'All digital humans are in use right now.',
    hint: 'Try again in a moment.',
  },
  shutdown: { message: 'The server is restarting.', hint: 'Try again in a moment.' },
  unreachable: {
    message: 'This server could not reach the digital human.',
    hint: 'Try again in a moment.',
  },
  internal: {
    message: 'An error on this server ended the session.',
    hint: 'Try again. If it happens again, tell the operator of this page.',
  },
  idle: {
    message: 'The session ended because nothing was said for a while.',
    hint: 'Start a new one.',
  },
  replaced: {
    message: 'The session ended because you opened another one.',
    hint: 'Go on in the other window, or start a new session here.',
  },
  'closed-by-service': { message: 'The session has ended.', hint: 'Start a new one.' },
  'time-limit': { message: 'The session reached its time limit.', hint: 'Start a new one.' },
  left: { message: 'The page was closed or lost its connection.', hint: 'Start again.' },
  'not-found': {
    message: 'This session has ended, or it belongs to another page.',
    hint: 'Start a new one.',
  },
  'not-ready': {
    message: 'The digital human is not ready yet.',
    hint: 'Wait a moment and try again.',
  },
  'not-confirmed': {
    message: 'The session is being closed. The service has not confirmed it yet.',
  },
  'too-many-messages': {
    message: 'The digital human has not answered the earlier messages yet.',
    hint: 'Wait a moment and try again.',
  },
} satisfies Record<string, VisitorText>

export type VisitorReason = keyof typeof english

const chinese: Record<VisitorReason, VisitorText> = {
  busy: { message: '数智人都在忙，暂时没有空位。', hint: '请稍后再试。' },
  shutdown: { message: '服务器正在重启。', hint: '请稍后再试。' },
  unreachable: { message: '服务器暂时连接不上数智人。', hint: '请稍后再试。' },
  internal: {
    message: '服务器出错，会话已结束。',
    hint: '请重试。如果问题仍然出现，请联系网站管理员。',
  },
  idle: { message: '长时间没有对话，会话已结束。', hint: '请重新开始。' },
  replaced: {
    message: '您打开了另一个会话，本会话已结束。',
    hint: '请使用另一个窗口，或在此重新开始。',
  },
  'closed-by-service': { message: '会话已结束。', hint: '请重新开始。' },
  'time-limit': { message: '会话已达到时长上限。', hint: '请重新开始。' },
  left: { message: '页面已关闭或连接已断开。', hint: '请重新开始。' },
  'not-found': { message: '会话已结束，或不属于本页面。', hint: '请重新开始。' },
  'not-ready': { message: '数智人还没有准备好。', hint: '请稍等片刻再试。' },
  'not-confirmed': { message: '会话正在关闭，服务尚未确认。' },
  'too-many-messages': { message: '数智人还没有回答之前的消息。', hint: '请稍等片刻再试。' },
}

/** The text for a visitor. */
export function visitorText(reason: VisitorReason, language: Language): VisitorText {
  return language === 'zh' ? chinese[reason] : english[reason]
}

/** The language that the visitor's browser asks for first: Chinese, else English. */
export function languageOf(request: Request): Language {
  const header = request.headers.get('accept-language') ?? ''
  // The first language is the preferred one in every browser.
  return /^\s*zh\b/i.test(header) ? 'zh' : 'en'
}
