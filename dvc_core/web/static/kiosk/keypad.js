// 受付番号 by hand on large keys, for a person without a code or a code that cannot be read.

import { by, make, put } from "../common/dom.js";
import { say } from "../common/text.js";

const MOST_DIGITS = 4;

/** Event `number` (detail: the number). */
export class Keypad extends EventTarget {
  #sheet;
  #digits = "";

  constructor({ sheet }) {
    super();
    this.#sheet = sheet;
    for (const digit of "123456789") by("keypad-keys").append(this.#key(digit));
    by("keypad-keys").append(
      make("button", { type: "button", id: "keypad-erase", onclick: () => this.#erase() }, say("kiosk_page.keypad.erase")),
      this.#key("0"),
      make("button", { type: "button", id: "keypad-send", className: "main", onclick: () => this.send() }, say("kiosk_page.keypad.send")),
    );
    document.addEventListener("keydown", (event) => {
      if (event.key === "Backspace" && this.isOpen) this.#erase();
    });
  }

  get isOpen() {
    return this.#sheet.name === "keypad";
  }

  /** Open with what was typed already. */
  open(act, digits = "") {
    put(by("keypad-act"), say("kiosk_page.keypad.act", { act: say(`kiosk_page.act.${act}`) }));
    this.#put(digits);
    this.#sheet.open("keypad");
  }

  /** Digits from a keyboard while it is open. */
  type(digits) {
    this.#put(this.#digits + digits);
  }

  #key(digit) {
    return make("button", { type: "button", onclick: () => this.type(digit) }, digit);
  }

  #erase() {
    this.#put(this.#digits.slice(0, -1));
  }

  /** As the key 決定. */
  send() {
    const number = Number(this.#digits);
    if (number < 1) return;
    this.#sheet.close();
    this.dispatchEvent(new CustomEvent("number", { detail: number }));
  }

  #put(digits) {
    this.#digits = digits.replace(/^0+/, "").slice(0, MOST_DIGITS);
    put(by("keypad-number"), this.#digits || "—");
    by("keypad-send").disabled = this.#digits === "";
  }
}
