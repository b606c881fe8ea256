import { playerAttributes } from './constants'

/** Reads the initial volume, from 0 to 1, from the attribute. */
export function initialVolumeOf(element: Element): number {
  const value = element.getAttribute(playerAttributes.volume)
  return Math.min(1, Math.max(0, Number(value ?? 1) || 0))
}

/** Sets an attribute, or removes it for `null` and `undefined`, which frameworks use for "no value yet". */
export function setOrRemove(
  element: Element,
  name: string,
  value: string | number | null | undefined,
): void {
  if (value === null || value === undefined) element.removeAttribute(name)
  else element.setAttribute(name, `${value}`)
}

/** Sets a property again that was set before the element was defined and hides the accessor. */
export function upgradeProperty<T extends object>(target: T, name: keyof T): void {
  const own = Object.getOwnPropertyDescriptor(target, name)
  if (!own || !('value' in own)) return
  delete target[name]
  target[name] = own.value
}
