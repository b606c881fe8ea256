import { type BrowserSession, startBrowserSession } from '@ivh-kit/broker/client'
import '@ivh-kit/player'
import { type PageState, panel } from './panel'

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
  panel.showProblem(player.error.message, 'Press Stop, then Start again.')
})

async function start(): Promise<void> {
  panel.reset()
  show('asking')
  try {
    session = await startBrowserSession()
    session.addEventListener('change', follow)
    follow()
    stopButton?.focus()
  } catch (error) {
    show('failed')
    panel.showProblem(error instanceof Error ? error.message : String(error))
  }
}

async function say(): Promise<void> {
  const text = sayText?.value.trim()
  if (!session || !text || !sayText) return
  try {
    await session.send({ text })
    // Turn the sound on: most browsers autoplay without sound, and a visitor who types a text wants to hear it.
    if (player) player.muted = false
    sayText.select()
  } catch (error) {
    panel.showProblem(error instanceof Error ? error.message : String(error))
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
    if (problem && problem.reason !== 'left') panel.showProblem(problem.message, problem.hint)
    startButton?.focus()
  }
}

function show(state: PageState): void {
  shown = state
  panel.show(state)
  const idle = state === 'idle' || isFinal(state)
  if (startButton) startButton.disabled = !idle
  if (sayText) sayText.disabled = state !== 'ready'
  if (sayButton) sayButton.disabled = state !== 'ready'
  if (stopButton) stopButton.disabled = idle || state === 'asking' || state === 'closing'
}

function isFinal(state: PageState): boolean {
  return state === 'closed' || state === 'failed'
}
