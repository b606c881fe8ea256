import { playerParts } from './constants'

/**
 * The HTML of the shadow tree. It has no `<style>` element, because a strict
 * Content-Security-Policy blocks it; {@link applyStyles} adds the styles.
 */
export const template = `
<slot name="media"><video part="${playerParts.video}" playsinline></video></slot>
<slot></slot>
<div part="${playerParts.message}" role="status" aria-live="polite"><p part="${playerParts.messageTitle}"></p><p part="${playerParts.messageDetail}"></p></div>
<button part="${playerParts.action}" type="button" hidden></button>
`

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

let sheet: CSSStyleSheet | undefined

/** Adds the player's styles to a shadow root. All players share one style sheet. */
export function applyStyles(root: ShadowRoot): void {
  if (!root.adoptedStyleSheets) {
    root.append(Object.assign(document.createElement('style'), { textContent: styles }))
    return
  }
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
  }
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}
