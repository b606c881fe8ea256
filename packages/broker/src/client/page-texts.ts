const english = {
  unreachable: 'The server cannot be reached. Check the connection and try again.',
  notConfirmed: 'The server did not confirm the close. It closes the session by itself.',
  unknownSession: 'This session has ended.',
  lost: 'The connection to the server was lost.',
  startAgain: 'Start again when the connection is back.',
  left: 'The page was left.',
  status: (status: number) => `The server answered with status ${status}.`,
}

const chinese: typeof english = {
  unreachable: '无法连接服务器。请检查网络后重试。',
  notConfirmed: '服务器尚未确认关闭，会话将自动关闭。',
  unknownSession: '会话已结束。',
  lost: '与服务器的连接已断开。',
  startAgain: '网络恢复后请重新开始。',
  left: '页面已离开。',
  status: (status) => `服务器返回状态 ${status}。`,
}

/** The texts of the client in the language of the page, or of the browser. */
export function pageTexts(): typeof english {
  const language = globalThis.document?.documentElement.lang || globalThis.navigator?.language
  return /^zh\b/i.test(language ?? '') ? chinese : english
}
