import { playerParts } from './constants'

/**
 * Builds the shadow tree of a player. It uses no `innerHTML`, because a page with
 * `require-trusted-types-for 'script'` forbids it, and no `<style>` element, because a strict
 * Content-Security-Policy blocks it; {@link applyStyles} adds the styles.
 */
export function buildShadowTree(root: ShadowRoot): void {
  const { ownerDocument } = root
  const create = (tag: string, attributes: Record<string, string>, ...children: Element[]) => {
    const element = ownerDocument.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    element.append(...children)
    return element
  }
  const { video, message, messageTitle, messageDetail, action } = playerParts
  root.append(
    create('slot', { name: 'media' }, create('video', { part: video, playsinline: '' })),
    create('slot', {}),
    create(
      'div',
      { part: message, role: 'status', 'aria-live': 'polite' },
      create('p', { part: messageTitle }),
      create('p', { part: messageDetail }),
    ),
    create('button', { part: action, type: 'button', hidden: '' }),
  )
}

const styles = `
:host { display: inline-block; position: relative; line-height: 0; }
:host([hidden]) { display: none; }
video, ::slotted([slot='media']) {
  width: 100%; height: 100%;
  object-fit: var(--media-object-fit, contain);
  object-position: var(--media-object-position, 50% 50%);
}
[part~='message'], [part~='action'] {
  position: absolute; z-index: 1; box-sizing: border-box;
  font: 14px/1.45 system-ui, sans-serif;
  color: var(--ivh-message-color, #fff);
  background: var(--ivh-message-background, rgb(16 18 24 / 82%));
}
[part~='message'] {
  inset-inline: 0; margin-inline: auto; inset-block-end: 12%;
  width: fit-content; max-width: min(92%, 44em); padding: 0.6em 1em;
  border-radius: 0.6em; text-align: center; overflow-wrap: anywhere; pointer-events: none;
}
[part~='message']:not([data-shown]) { background: none; padding: 0; }
[part~='message'][data-shown='soon'] { animation: appear 0s 0.6s both; }
@keyframes appear { from { visibility: hidden; } to { visibility: visible; } }
[part~='message'] p { margin: 0; }
[part~='message-title'] { font-weight: 600; }
[part~='message-detail']:empty { display: none; }
[part~='action'] {
  inset-block-start: 0.8em; inset-inline-start: 0.8em; padding: 0.55em 1em;
  border: 1px solid rgb(255 255 255 / 60%); border-radius: 99em; cursor: pointer;
}
[part~='action'][data-action='play'], [part~='action'][data-action='retry'] {
  inset-block-start: 50%; inset-inline: 0; margin-inline: auto; width: fit-content;
  transform: translateY(-50%);
}
[part~='action']:focus-visible { outline: 3px solid #4c9ffe; outline-offset: 2px; }
[part~='action'][hidden] { display: none; }
`

/** One style sheet for all players of a document: a constructed sheet belongs to its document. */
const sheets = new WeakMap<Document, CSSStyleSheet>()

/** Adds the player's styles to a shadow root. Call it again after a move to another document. */
export function applyStyles(root: ShadowRoot): void {
  const { ownerDocument } = root
  const view = ownerDocument.defaultView
  // A document without a window shows nothing.
  if (!view) return
  if (!root.adoptedStyleSheets) {
    if (root.querySelector('style')) return
    root.append(Object.assign(ownerDocument.createElement('style'), { textContent: styles }))
    return
  }
  let sheet = sheets.get(ownerDocument)
  if (!sheet) {
    sheet = new view.CSSStyleSheet()
    sheet.replaceSync(styles)
    sheets.set(ownerDocument, sheet)
  }
  // The browser removes the sheets of the old document during the move.
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}
