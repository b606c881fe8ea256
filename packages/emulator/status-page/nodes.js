/** Creates an element with a class and children. */
export function element(tag, className, ...children) {
  const node = document.createElement(tag)
  if (className) node.className = className
  node.append(...children)
  return node
}

/** Formats a duration in words. */
export function age(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds} s`
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Changes a node to match another one. Equal parts stay, and with them focus and selection. */
export function patch(node, wanted) {
  if (node.nodeName !== wanted.nodeName) {
    node.replaceWith(wanted)
    return
  }
  if (node.nodeType === Node.TEXT_NODE) {
    if (node.data !== wanted.data) node.data = wanted.data
    return
  }
  for (const { name } of [...node.attributes]) {
    if (!wanted.hasAttribute(name)) node.removeAttribute(name)
  }
  for (const { name, value } of wanted.attributes) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value)
  }
  const [present, children] = [[...node.childNodes], [...wanted.childNodes]]
  for (const [index, child] of children.entries()) {
    if (present[index]) patch(present[index], child)
    else node.append(child)
  }
  for (const left of present.slice(children.length)) left.remove()
}
