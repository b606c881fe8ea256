/**
 * The language of an element: the nearest `lang` attribute, also outside its shadow tree, as for the
 * `:lang()` selector. Default `en`.
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
  return isShadowRoot(root) ? root.host : null
}

/** Works for a node of another window as well, for which `instanceof` is false. */
function isShadowRoot(node: Node): node is ShadowRoot {
  return 'host' in node
}
