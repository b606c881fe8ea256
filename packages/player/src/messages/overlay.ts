import { type PlayerState, playerParts } from '../constants'
import type { PlayerAction, PlayerMessage } from './describe'

/** States that often pass quickly. Their message appears late, so that it does not flicker. */
const briefStates: readonly PlayerState[] = ['loading', 'stalled']

/** Shows the message and the button in a player's shadow tree. */
export class Overlay {
  readonly #message: HTMLElement
  readonly #title: HTMLElement
  readonly #detail: HTMLElement
  readonly #button: HTMLElement

  /** @param onAction called when the visitor presses the button. */
  constructor(root: ShadowRoot, onAction: (action: PlayerAction) => void) {
    this.#message = part(root, playerParts.message)
    this.#title = part(root, playerParts.messageTitle)
    this.#detail = part(root, playerParts.messageDetail)
    this.#button = part(root, playerParts.action)
    this.#button.addEventListener('click', () => {
      const { action } = this.#button.dataset
      if (action === 'unmute' || action === 'play' || action === 'retry') onAction(action)
    })
  }

  render(message: PlayerMessage, state: PlayerState): void {
    setText(this.#title, message.title)
    setText(this.#detail, message.detail)
    if (message.title === '') delete this.#message.dataset.shown
    else this.#message.dataset.shown = briefStates.includes(state) ? 'soon' : 'now'
    this.#button.hidden = message.action === null
    this.#button.dataset.action = message.action ?? ''
    setText(this.#button, message.actionLabel)
  }
}

/** Writes only a changed text, because a screen reader announces every write. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

function part(root: ShadowRoot, name: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(`[part~='${name}']`)
  if (!element) throw new Error(`The player's shadow tree has no part "${name}"`)
  return element
}
