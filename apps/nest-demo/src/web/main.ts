import { type BrowserSession, startBrowserSession } from '@ivh-kit/broker/client'
import '@ivh-kit/player'
import { type PageState, panel } from './panel'
import { endText, openText, sayText as sayProblem } from './problem-text'
import { texts, translatePage } from './texts'

translatePage()

const player = document.querySelector('ivh-player')
const startButton = document.querySelector<HTMLButtonElement>('#start')
const stopButton = document.querySelector<HTMLButtonElement>('#stop')
if (!player || !startButton || !stopButton) {
  throw new Error('the page lacks the player, #start or #stop')
}

let session: BrowserSession | undefined
let shown: PageState = 'idle'
let readyAt: number | undefined

const sayForm = document.querySelector<HTMLFormElement>('#say')
const sayText = document.querySelector<HTMLInputElement>('#say-text')
const sayButton = document.querySelector<HTMLButtonElement>('#say-button')
if (sayText) Object.assign(sayText, { placeholder: texts.sayPlaceholder, value: texts.sayExample })
sayForm?.addEventListener('submit', (event) => {
  event.preventDefault()
  void say()
})
startButton.addEventListener('click', () => void start())
stopButton.addEventListener('click', () => void session?.close())
player.addEventListener('loadeddata', () => {
  if (readyAt === undefined) return
  panel.showFirstFrame(performance.now() - readyAt)
  readyAt = undefined
})

player.addEventListener('error', () => {
  if (!player.error) return
  readyAt = undefined
  panel.liftCurtain()
  panel.showProblem(texts.noPicture, texts.pressStop)
  panel.log(player.error.message)
})
// A session that lives on has lost nothing, so its problem ends with the network's.
addEventListener('online', () => {
  if (session) panel.hideProblem()
})

async function start(): Promise<void> {
  panel.reset()
  show('asking')
  // The next action is to speak. The visitor can type while the digital human gets ready.
  sayText?.focus()
  try {
    session = await startBrowserSession()
    session.addEventListener('change', follow)
    follow()
  } catch (error) {
    show('failed')
    panel.showProblem(openText(error), texts.pressStart)
    startButton?.focus()
  }
}

async function say(): Promise<void> {
  const text = sayText?.value.trim()
  if (!session || !text || !sayText) return
  // Turn the sound on: most browsers autoplay without sound, and a visitor who types a text wants to hear it.
  if (player) player.muted = false
  sayText.select()
  try {
    await session.send({ text })
    panel.hideProblem()
  } catch (error) {
    // When the session has ended meanwhile, the page already shows why.
    if (session) panel.showProblem(sayProblem(error), texts.pressSay)
  }
}

function follow(): void {
  if (!session || !player) return
  const { snapshot } = session
  panel.showSession(snapshot)
  if (snapshot.state !== shown) show(snapshot.state)

  const address = snapshot.playback?.flv
  if (snapshot.state === 'ready' && address && !player.hasAttribute('src')) {
    readyAt = performance.now()
    player.setAttribute('src', address)
    panel.showPlayAddress(address)
  }
  if (snapshot.state === 'closing' || isFinal(snapshot.state)) {
    readyAt = undefined
    player.removeAttribute('src')
  }
  if (isFinal(snapshot.state)) {
    session.removeEventListener('change', follow)
    session = undefined
    const { problem } = snapshot
    if (problem && problem.reason !== 'left') {
      panel.showProblem(endText(problem), texts.pressStart)
      panel.log(problem.message)
    }
    startButton?.focus()
  }
}

function show(state: PageState): void {
  shown = state
  panel.show(state)
  const idle = state === 'idle' || isFinal(state)
  if (startButton) startButton.disabled = !idle
  if (sayText) sayText.disabled = idle || state === 'closing'
  if (sayButton) sayButton.disabled = state !== 'ready'
  if (stopButton) stopButton.disabled = idle || state === 'asking' || state === 'closing'
}

function isFinal(state: PageState): boolean {
  return state === 'closed' || state === 'failed'
}
