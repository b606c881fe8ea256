import { PlayerParts } from './constants'

/**
 * The shadow tree. It has no `<style>`: a strict Content-Security-Policy blocks those, while
 * {@link applyStyles} is allowed everywhere.
 */
export const TEMPLATE = `
<slot name="media"><video part="${PlayerParts.VIDEO}" playsinline></video></slot>
<slot></slot>
<div part="${PlayerParts.MESSAGE}" role="status" aria-live="polite"><p part="${PlayerParts.MESSAGE_TITLE}"></p><p part="${PlayerParts.MESSAGE_DETAIL}"></p></div>
<button part="${PlayerParts.ACTION}" type="button" hidden></button>
`

const STYLES = `
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

let sheet: CSSStyleSheet | undefined

/** Gives a shadow root the player's styles; all players share one sheet. */
export function applyStyles(root: ShadowRoot): void {
  if (!root.adoptedStyleSheets) {
    root.append(Object.assign(document.createElement('style'), { textContent: STYLES }))
    return
  }
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLES)
  }
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}
