import { warn } from './warn'

/** The attributes of `<video>` whose mere presence means "on" in HTML, and which the player passes on. */
const booleanAttributes: readonly string[] = [
  'autoplay',
  'muted',
  'controls',
  'loop',
  'disablepictureinpicture',
  'disableremoteplayback',
  'autopictureinpicture',
]

const warned = new Set<string>()

/**
 * Returns the value of an attribute, and `null` for a boolean attribute with the text "false". HTML
 * would count it as on, but only frameworks write this text, for the value `false`. Warns once for
 * each attribute.
 */
export function withoutFalse(name: string, value: string | null): string | null {
  if (value !== 'false' || !booleanAttributes.includes(name)) return value
  if (!warned.has(name)) {
    warned.add(name)
    warn(
      `${name}="false" counts as off. In HTML a boolean attribute is on whenever it is present; remove the attribute instead.`,
    )
  }
  return null
}
