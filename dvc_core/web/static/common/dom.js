// Building and finding elements. Data only ever becomes text: nothing here takes HTML.

export const by = (id) => document.getElementById(id);

/** An element with properties (`data` and `aria` as objects) and what stands in it: elements or texts. */
export function make(tag, facts = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name === "data") Object.assign(element.dataset, value);
    else if (name === "aria") {
      for (const [what, state] of Object.entries(value)) element.setAttribute(`aria-${what}`, state);
    } else element[name] = value;
  }
  element.append(...inside.filter((part) => part !== null && part !== undefined));
  return element;
}

export function show(element, visible) {
  element.hidden = !visible;
}

/** Put a text in, only when it changed: a live region is read out again otherwise. */
export function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
