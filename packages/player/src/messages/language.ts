/**
 * The language of the nearest element that has a `lang`, looking out of shadow trees as well, as
 * the `:lang()` selector does. English when nobody says.
 */
export function languageOf(element: Element): string {
  for (let scope: Element | null = element; scope; scope = hostOf(scope)) {
    const language = scope.closest('[lang]')?.getAttribute('lang')
    if (language) return language
  }
  return 'en'
}

function hostOf(element: Element): Element | null {
  const root = element.getRootNode()
  return root instanceof ShadowRoot ? root.host : null
}
