const english = {
  title: 'A digital human in your page',
  introBefore: 'NestJS creates the session, a signed URL carries the stream, ',
  introAfter: ' shows it. Everything runs on this machine.',
  stage: 'Digital human',
  sayLabel: 'Text to say',
  sayPlaceholder: 'Type a text for the digital human',
  sayExample: 'Hello! I am a digital human. What would you like to know?',
  say: 'Say',
  start: 'Start',
  stop: 'Stop',
  panel: 'What happens',
  labelState: 'State',
  labelPlayAddress: 'Play address',
  labelTimeToReady: 'Time to ready',
  labelTimeToFirstFrame: 'Time to first frame',
  log: 'Log',
  idle: 'Press Start to meet your digital human.',
  asking: 'Asking the server for a session…',
  creating: 'Creating the session…',
  preparing: 'The digital human is getting ready…',
  starting: 'Starting the session…',
  ready: 'The session is ready, waiting for the first picture…',
  closing: 'Closing the session…',
  closed: 'The session is closed. Press Start for a new one.',
  failed: 'The session failed.',
  live: 'Live.',
  firstPicture: 'First picture.',
  pressStart: 'Press Start to try again.',
  pressStop: 'Press Stop, then Start again.',
  pressSay: 'The digital human is still here. Press Say to try again.',
  unreachable: 'The server cannot be reached. Check the connection.',
  refused: 'The server refused the request.',
  full: 'All digital humans are in use right now.',
  notSaid: 'The digital human could not say this.',
  notReady: 'The digital human is not ready to speak.',
  ended: 'The session has ended.',
  serviceUnreachable: 'The server could not reach the digital human.',
  shuttingDown: 'The server is shutting down.',
  lost: 'The connection to the server was lost.',
  idleTooLong: 'The session was idle for too long and has ended.',
  timeLimit: 'The session reached its time limit.',
  noPicture: 'The picture cannot be played.',
}

export type Texts = Readonly<typeof english>

const chinese: Texts = {
  title: '网页里的数智人',
  introBefore: 'NestJS 创建会话，签名地址传送直播流，',
  introAfter: ' 负责播放。全部在本机运行。',
  stage: '数智人',
  sayLabel: '要说的话',
  sayPlaceholder: '输入要让数智人说的话',
  sayExample: '你好！我是数智人。想了解点什么？',
  say: '说',
  start: '开始',
  stop: '停止',
  panel: '运行情况',
  labelState: '状态',
  labelPlayAddress: '播放地址',
  labelTimeToReady: '就绪用时',
  labelTimeToFirstFrame: '首帧用时',
  log: '日志',
  idle: '点击“开始”，与数智人见面。',
  asking: '正在向服务器申请会话…',
  creating: '正在创建会话…',
  preparing: '数智人正在准备…',
  starting: '正在启动会话…',
  ready: '会话已就绪，正在等待首帧画面…',
  closing: '正在关闭会话…',
  closed: '会话已关闭，点击“开始”可重新开启。',
  failed: '会话失败。',
  live: '直播中。',
  firstPicture: '首帧画面。',
  pressStart: '请点击“开始”重试。',
  pressStop: '请点击“停止”，然后重新开始。',
  pressSay: '数智人仍在线，请点击“说”重试。',
  unreachable: '无法连接服务器，请检查网络。',
  refused: '服务器拒绝了请求。',
  full: '数智人目前全部占用中。',
  notSaid: '数智人没能说出这句话。',
  notReady: '数智人还不能说话。',
  ended: '会话已结束。',
  serviceUnreachable: '服务器无法连接数智人服务。',
  shuttingDown: '服务器正在关闭。',
  lost: '与服务器的连接已断开。',
  idleTooLong: '会话长时间无操作，已结束。',
  timeLimit: '会话已达到时长上限。',
  noPicture: '画面无法播放。',
}

const isChinese = /^zh\b/i.test(navigator.language)

/** The texts of the page in the browser's language: Chinese or English. */
export const texts: Texts = isChinese ? chinese : english

/** Fills in the texts of the HTML, and sets the language of the page, which the player follows. */
export function translatePage(): void {
  document.documentElement.lang = isChinese ? 'zh-CN' : 'en'
  document.title = texts.title
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = textOf(element.dataset.text)
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
    element.setAttribute('aria-label', textOf(element.dataset.label))
  }
}

function textOf(key = ''): string {
  return key in texts ? texts[key as keyof Texts] : key
}
