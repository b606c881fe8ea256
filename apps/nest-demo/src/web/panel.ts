import type { BrokerSnapshot, BrokerState } from '@ivh-kit/broker/client'
import { texts } from './texts'

export type PageState = 'idle' | 'asking' | BrokerState

const busy: ReadonlySet<PageState> = new Set([
  'asking',
  'creating',
  'preparing',
  'starting',
  'ready',
  'closing',
])

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found
}

const openedAt = performance.now()

/** The texts of the page around the player. */
export const panel = {
  show(state: PageState): void {
    element('state').textContent = state
    element('status').textContent = texts[state]
    element('curtain-text').textContent = texts[state]
    element('curtain').toggleAttribute('data-busy', busy.has(state))
    element('curtain').removeAttribute('data-open')
    this.log(texts[state])
  },

  showSession(snapshot: BrokerSnapshot): void {
    if (snapshot.sessionId) element('session-id').textContent = snapshot.sessionId
    if (snapshot.state === 'ready') {
      element('time-to-ready').textContent = milliseconds(snapshot.elapsedMs)
    }
  },

  showPlayAddress(address: string): void {
    // The signature gives access to the stream, so the page does not show it.
    element('play-address').textContent = address.replace(/(txSecret=)[^&]+/i, '$1…')
  },

  showFirstFrame(elapsedMs: number): void {
    element('time-to-first-frame').textContent = milliseconds(elapsedMs)
    this.liftCurtain()
    element('status').textContent = texts.live
    this.log(texts.firstPicture)
  },

  /** Uncovers the player, which shows its picture or its own message. */
  liftCurtain(): void {
    element('curtain').setAttribute('data-open', '')
  },

  /** @param hint what the visitor can do now. */
  showProblem(title: string, hint: string): void {
    element('problem-title').textContent = title
    element('problem-hint').textContent = hint
    element('problem').hidden = false
    this.log(title)
  },

  hideProblem(): void {
    element('problem').hidden = true
  },

  reset(): void {
    for (const id of ['session-id', 'play-address', 'time-to-ready', 'time-to-first-frame']) {
      element(id).textContent = '–'
    }
    this.hideProblem()
  },

  log(text: string): void {
    const log = element('log')
    const time = document.createElement('time')
    time.textContent = `${((performance.now() - openedAt) / 1000).toFixed(1)} s`
    const line = document.createElement('li')
    line.append(time, text)
    log.append(line)
    while (log.childElementCount > 50) log.firstElementChild?.remove()
    log.scrollTop = log.scrollHeight
  },
}

function milliseconds(value: number): string {
  return value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(2)} s`
}
