// The status page. It reads /__emulator/stream and writes through the control API at /__emulator/.
import { age, element, patch } from './nodes.js'

const states = { 1: 'ready', 2: 'closed', 3: 'preparing', 4: 'failed' }
const closeTypes = {
  1: 'by its owner',
  2: 'idle',
  3: 'stream lost',
  4: 'restart',
  5: 'same UserId',
}
const shownEntries = 300

const at = (id) => document.getElementById(id)
let state = { now: Date.now(), sessions: [], faults: [] }
let stateAt = performance.now()
/** True after the first state has arrived. */
let connected = false
const log = []

const isLive = ({ status }) => status === 1 || status === 3
const now = () => state.now + (performance.now() - stateAt)

function stateOf(session) {
  const word = session.status === 1 && session.started ? 'started' : states[session.status]
  const kind = { 1: 'good', 2: 'soft', 3: 'warn', 4: 'bad' }[session.status]
  const why = session.closeType ? ` · ${closeTypes[session.closeType]}` : ''
  const pill = element('span', `pill ${kind}`, `${session.status} ${word}${why}`)
  if (session.errorCode === 0) return pill
  return element(
    'div',
    '',
    pill,
    element('p', 'why soft', `${session.errorCode} ${session.errorMessage}`),
  )
}

function addressOf({ playUrl, pushUrl }) {
  const address = playUrl ?? pushUrl
  if (!address) return element('span', 'soft', '–')
  const shown = playUrl ? address : `pushed to ${address}`
  // Do not link other addresses, because a browser cannot open them.
  if (!/^https?:/.test(address)) return element('code', '', shown)
  const link = element('a', 'mono', shown)
  link.href = address
  return link
}

function rowOf(session) {
  const row = element('tr', '')
  row.setAttribute('role', 'row')
  row.dataset.session = session.sessionId
  const cell = (label, content, className = '') => {
    const node = element('td', className, element('div', 'value', content))
    node.setAttribute('role', 'cell')
    node.dataset.label = label
    row.append(node)
    return node.firstElementChild
  }
  cell('Session', element('code', '', session.sessionId))
  cell('State', stateOf(session))
  cell('Avatar', session.avatar, 'name')
  cell('UserId', session.userId, 'name')
  const old = element('span', '', '')
  old.dataset.since = isLive(session) ? session.createdAt : ''
  old.textContent = isLive(session) ? age(now() - session.createdAt) : ''
  cell('Age', old)
  cell('Speech', session.speakStatus, 'soft')
  const place = cell('Plays at', addressOf(session), 'address')
  if (session.notDrawn.length > 0) {
    place.append(element('p', 'why warn', `accepted but not drawn: ${session.notDrawn.join('; ')}`))
  }
  const close = element('button', '', 'Close')
  close.setAttribute('aria-label', `Close ${session.sessionId}`)
  close.addEventListener('click', () =>
    send(`sessions/${encodeURIComponent(session.sessionId)}/close`),
  )
  cell('', isLive(session) ? close : '', 'action')
  return row
}

/** Updates the rows of the table. Rows of remaining sessions stay in place. */
function showRows(body, sessions) {
  const rows = new Map([...body.children].map((row) => [row.dataset.session, row]))
  const ids = new Set(sessions.map(({ sessionId }) => sessionId))
  for (const [id, row] of rows) if (!ids.has(id)) row.remove()
  let next = body.firstElementChild
  for (const session of sessions) {
    const wanted = rowOf(session)
    const row = rows.get(session.sessionId) ?? wanted
    if (row === next) next = row.nextElementSibling
    else body.insertBefore(row, next)
    if (row !== wanted) patch(row, wanted)
  }
}

/** Moves the focus beside the table when its element was removed. */
function keepingFocus(show) {
  const focused = document.activeElement
  show()
  if (!focused.isConnected) at('ended').focus()
}

function showState() {
  const live = state.sessions.filter(isLive)
  at('summary').textContent = `${live.length} live, ${state.sessions.length - live.length} ended`
  const shown = at('ended').checked ? state.sessions : live
  keepingFocus(() => showRows(at('sessions'), shown))
  const ended = state.sessions.length - live.length
  at('no-sessions').hidden = state.sessions.length > 0
  at('only-ended').hidden = shown.length > 0 || ended === 0
  at('hidden-count').textContent =
    ended === 1 ? '1 ended session is hidden' : `${ended} ended sessions are hidden`
  at('no-faults').hidden = state.faults.length > 0
  at('pending').replaceChildren(
    ...state.faults.map((fault) => element('li', '', element('code', '', JSON.stringify(fault)))),
  )
}

function showTime() {
  at('now').textContent = new Date(now()).toISOString().replace('T', ' ').slice(0, 19)
  for (const node of document.querySelectorAll('[data-since]')) {
    if (node.dataset.since) node.textContent = age(now() - Number(node.dataset.since))
  }
}

function entryOf({ kind, entry }) {
  const time = element('time', 'soft mono', new Date(entry.at).toISOString().slice(11, 23))
  if (kind === 'event') {
    const about = entry.sessionId ? `${entry.sessionId} ` : ''
    return element(
      'li',
      '',
      time,
      element('span', 'soft', entry.kind),
      element('span', '', about + entry.text),
    )
  }
  const { outcome } = entry
  const code =
    outcome === 'dropped'
      ? 'dropped'
      : outcome.status >= 400
        ? `HTTP ${outcome.status}`
        : outcome.code
  const well = outcome !== 'dropped' && outcome.status < 400 && outcome.code === 0
  const name = element(
    'span',
    '',
    `${entry.name} `,
    element('b', well ? 'good' : 'bad', String(code)),
  )
  const why = outcome === 'dropped' || !outcome.message ? '' : ` ${outcome.message}`
  return element(
    'li',
    '',
    time,
    name,
    element('span', 'mono soft', JSON.stringify(entry.payload ?? null) + why),
  )
}

function showLog() {
  const shown = at('calls-only').checked ? log.filter(({ kind }) => kind === 'call') : log
  at('log').replaceChildren(...shown.map(entryOf))
  showEmptyLog()
}

function clearLog() {
  log.length = 0
  showLog()
}

function showEmptyLog() {
  at('no-log').hidden = at('log').childElementCount > 0
}

function note(kind, entry) {
  log.unshift({ kind, entry })
  log.length = Math.min(log.length, shownEntries)
  if (kind === 'event' && at('calls-only').checked) return
  at('log').prepend(entryOf(log[0]))
  if (at('log').childElementCount > shownEntries) at('log').lastElementChild.remove()
  showEmptyLog()
}

async function send(path, body, method = 'POST') {
  let problem = ''
  try {
    const answer = await fetch(`/__emulator/${path}`, {
      method,
      body: JSON.stringify(body) ?? null,
    })
    if (!answer.ok) problem = (await answer.json()).error ?? `HTTP ${answer.status}`
  } catch {
    problem = 'The action failed: the emulator does not answer.'
  }
  at('notice').textContent = problem
}

function listen() {
  const stream = new EventSource('/__emulator/stream')
  stream.addEventListener('open', () => {
    at('link').classList.add('on')
    at('lost').hidden = true
    clearLog()
  })
  stream.addEventListener('error', () => {
    at('link').classList.remove('on')
    at('summary').textContent = 'the emulator does not answer'
    if (at('lost').hidden) {
      const last = new Date().toLocaleTimeString()
      at('lost-at').textContent = connected ? `at ${last}` : 'which has not arrived yet'
      at('lost').hidden = false
    }
    // A browser reconnects after a broken connection, but not after another response.
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000)
  })
  stream.addEventListener('state', ({ data }) => {
    state = JSON.parse(data)
    connected = true
    stateAt = performance.now()
    showState()
  })
  stream.addEventListener('call', ({ data }) => note('call', JSON.parse(data)))
  stream.addEventListener('event', ({ data }) => {
    const event = JSON.parse(data)
    if (event.kind === 'server' && event.text === 'reset') clearLog()
    note('event', event)
  })
}

const planner = at('faults').elements
/** The kinds of faults, by the label in the form. */
const kinds = new Map()

/** Fills the form of faults from the control API. */
async function loadFaultKinds() {
  const answer = await fetch('/__emulator/fault-kinds')
  const known = await answer.json()
  planner.on.append(...known.targets.map((name) => new Option(name)))
  for (const kind of known.kinds) {
    kinds.set(kind.label, kind)
    planner.what.append(new Option(kind.label))
  }
}

planner.on.append(new Option('anything', ''))
at('faults').addEventListener('submit', (event) => {
  event.preventDefault()
  const { on, what, value, times } = Object.fromEntries(new FormData(event.target))
  const { effect, field } = kinds.get(what)
  const given = field && value && { [field]: Number(value) }
  void send('faults', [{ ...(on && { on }), times: Number(times), ...effect, ...given }])
})
at('clear-faults').addEventListener('click', () => send('faults', undefined, 'DELETE'))
at('advance').addEventListener('submit', (event) => {
  event.preventDefault()
  void send('clock/advance', { milliseconds: Number(event.submitter.value) })
})
at('restart-keep').addEventListener('click', () => send('restart', { keepSessions: true }))
at('restart-lose').addEventListener('click', () => send('restart', { keepSessions: false }))
at('reset').addEventListener('click', () => send('reset'))
at('ended').addEventListener('change', showState)
at('calls-only').addEventListener('change', showLog)
// Screen readers must read the table as a table when a narrow screen shows it as cards.
for (const [selector, role] of [
  ['table', 'table'],
  ['thead, tbody', 'rowgroup'],
  ['thead tr', 'row'],
  ['th', 'columnheader'],
]) {
  for (const node of document.querySelectorAll(selector)) node.setAttribute('role', role)
}
at('base-url').textContent = location.origin
setInterval(showTime, 1000)
showTime()
void loadFaultKinds()
listen()
