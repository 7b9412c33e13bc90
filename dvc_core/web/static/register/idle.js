// Nobody's data stays on a tablet that stands alone: after a while without a touch it is cleared, with a countdown
// that a person can stop.

/** Events: `warn` (detail: seconds left), `stay` (touched in time), `clear`. */
export class Idle extends EventTarget {
  #last = Date.now();
  #after;
  #warning;
  #watches;
  #warned = false;

  /** Times in seconds. `watches` answers whether there is anything to clear. */
  constructor({ after, warning, watches }) {
    super();
    this.#after = after;
    this.#warning = warning;
    this.#watches = watches;
    for (const what of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
      document.addEventListener(what, () => this.touched(), { capture: true, passive: true });
    }
    document.addEventListener("visibilitychange", () => this.#look());
    setInterval(() => this.#look(), 1000);
  }

  /** Someone is there. */
  touched() {
    this.#last = Date.now();
    if (this.#warned) this.#stay();
  }

  #look() {
    if (!this.#watches()) {
      this.#last = Date.now();
      if (this.#warned) this.#stay();
      return;
    }
    const left = Math.ceil(this.#after - (Date.now() - this.#last) / 1000);
    if (left <= 0) {
      this.#stay();
      this.#last = Date.now();
      this.dispatchEvent(new Event("clear"));
    } else if (left <= this.#warning) {
      this.#warned = true;
      this.dispatchEvent(new CustomEvent("warn", { detail: left }));
    }
  }

  #stay() {
    this.#warned = false;
    this.dispatchEvent(new Event("stay"));
  }
}
