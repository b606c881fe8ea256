import { PlayerParts, type PlayerState } from '../constants'
import type { PlayerAction, PlayerMessage } from './describe'

/** States that often pass in a blink: their words come a little later, so that they do not flicker. */
const BRIEF_STATES: readonly PlayerState[] = ['loading', 'stalled']

/** Shows messages and the button in a player's shadow tree. */
export class Overlay {
  readonly #message: HTMLElement
  readonly #title: HTMLElement
  readonly #detail: HTMLElement
  readonly #button: HTMLElement

  /** @param onAction called when the visitor presses the button. */
  constructor(root: ShadowRoot, onAction: (action: PlayerAction) => void) {
    this.#message = part(root, PlayerParts.MESSAGE)
    this.#title = part(root, PlayerParts.MESSAGE_TITLE)
    this.#detail = part(root, PlayerParts.MESSAGE_DETAIL)
    this.#button = part(root, PlayerParts.ACTION)
    this.#button.addEventListener('click', () => {
      const { action } = this.#button.dataset
      if (action === 'unmute' || action === 'play' || action === 'retry') onAction(action)
    })
  }

  render(message: PlayerMessage, state: PlayerState): void {
    setText(this.#title, message.title)
    setText(this.#detail, message.detail)
    if (message.title === '') delete this.#message.dataset.shown
    else this.#message.dataset.shown = BRIEF_STATES.includes(state) ? 'soon' : 'now'
    this.#button.hidden = message.action === null
    this.#button.dataset.action = message.action ?? ''
    setText(this.#button, message.actionLabel)
  }
}

/** A screen reader announces every write, so the same words are not written twice. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

function part(root: ShadowRoot, name: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(`[part~='${name}']`)
  if (!element) throw new Error(`The shadow tree of the player has no part "${name}".`)
  return element
}
