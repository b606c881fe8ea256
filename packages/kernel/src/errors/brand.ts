/** Marks every error of the kit. Each installed copy of a package uses the same symbol. */
const brand = Symbol.for('ivh-kit.error')

/** Brands an error with its class name, so that other copies of the package recognise it. */
export function brandError(error: Error, className: string): void {
  Object.defineProperty(error, brand, { value: className })
}

/** True for an error of the kit, of any installed copy; with `className`, only for that class. */
export function isBranded(value: unknown, className?: string): boolean {
  if (typeof value !== 'object' || value === null || !(brand in value)) return false
  return className === undefined || Reflect.get(value, brand) === className
}
