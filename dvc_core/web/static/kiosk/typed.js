// A scanner that types: fast keys that end in Enter, wherever the focus is, and whatever the keyboard's input mode.
// Where an input method (IME) swallows the keys, the key's place on the keyboard tells the letter; where the
// system hands over finished text, a hidden field catches it.

import { normal, parse } from "./token.js";

const SLOWEST = 400;
const QUIET = 250;
const SHORTEST = 4;

/** Events: `text` (detail: a scanned or quickly typed line), `digits` (detail), `enter` (with nothing typed). */
export class TypedScanner extends EventTarget {
  #field;
  #keys = "";
  #last = 0;
  #timer = 0;

  constructor({ field }) {
    super();
    this.#field = field;
    document.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    field.addEventListener("input", () => this.#text());
    document.addEventListener("pointerup", () => setTimeout(() => this.focus()));
    window.addEventListener("focus", () => this.focus());
    this.focus();
  }

  /** Take the focus unless someone types into a field of the page. */
  focus() {
    const active = document.activeElement;
    if (active === this.#field || isTyping(active)) return;
    this.#field.focus({ preventScroll: true });
  }

  #key(event) {
    if ((event.target !== this.#field && isTyping(event.target)) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (performance.now() - this.#last > SLOWEST) this.#keys = "";
    if (event.code === "Enter" || event.code === "NumpadEnter" || event.key === "Enter") this.#enter(event);
    else this.#letter(event);
  }

  #letter(event) {
    const letter = letterOf(event);
    if (letter === null) return;
    // A space belongs to a button that has the focus, but not in the middle of a scan.
    if (letter === " " && !this.#keys) return;
    this.#last = performance.now();
    this.#keys += letter;
    if (event.key !== letter) return;
    event.preventDefault();
    if (/[0-9]/.test(letter)) this.#digit();
  }

  #enter(event) {
    const typed = this.#keys.length >= SHORTEST || /^[0-9]+$/.test(this.#keys) || this.#field.value !== "";
    if (!typed && event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    event.stopPropagation();
    if (typed) this.#finish();
    else this.dispatchEvent(new Event("enter"));
  }

  // A finger on a keyboard, not a scanner: nothing follows the digit.
  #digit() {
    clearTimeout(this.#timer);
    const typed = this.#keys;
    this.#timer = setTimeout(() => {
      if (this.#keys !== typed || !/^[0-9]{1,4}$/.test(typed)) return;
      this.#keys = "";
      this.dispatchEvent(new CustomEvent("digits", { detail: typed }));
    }, QUIET);
  }

  // Text that came without keys: whole when it ends a line or is a whole code, or when nothing follows.
  #text() {
    clearTimeout(this.#timer);
    if (/\n/.test(this.#field.value) || parse(this.#field.value).kind === "code") this.#finish();
    else this.#timer = setTimeout(() => this.#forget(), SLOWEST * 4);
  }

  #finish() {
    clearTimeout(this.#timer);
    const found = [this.#keys, this.#field.value];
    this.#forget();
    const whole = found.find((text) => ["code", "enrol", "number"].includes(parse(text).kind));
    const longest = found.sort((one, other) => other.length - one.length)[0];
    const text = whole ?? longest;
    if (normal(text)) this.dispatchEvent(new CustomEvent("text", { detail: text }));
  }

  #forget() {
    this.#keys = "";
    this.#last = 0;
    this.#field.value = "";
    // Ends what an input method has begun to compose.
    if (document.activeElement === this.#field) {
      this.#field.blur();
      this.#field.focus({ preventScroll: true });
    }
  }
}

const isTyping = (element) =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;

const PLACES = { Period: ".", Minus: "-", NumpadDecimal: ".", NumpadSubtract: "-", Slash: "/", Space: " " };

// The letter itself when it is one of a code's, else by the key's place (an input method hides or changes it).
function letterOf({ key = "", code, isComposing }) {
  if (!isComposing && key.length === 1 && key >= " " && key <= "~") return key;
  if (key.length > 1 && key !== "Process" && key !== "Unidentified") return null;
  return PLACES[code] ?? /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code)?.[1] ?? null;
}
