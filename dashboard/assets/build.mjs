// Makes elements out of text. What comes from outside enters the page here, as text and as nothing else.

/** h("div", "label", "text", child…): an element with a class; strings become text nodes, falsy is left out. */
export function h(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== "" && child !== null && child !== undefined && child !== false));
  return element;
}

/** The same for SVG; attributes is an object. */
export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Set an element's text where it differs: an unchanged text causes no layout. */
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}
