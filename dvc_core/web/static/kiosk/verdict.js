// The verdict over the whole screen: shape, colour, number, one sentence in three languages, for a few seconds.

import { by, put, show } from "../common/dom.js";
import { number, say } from "../common/text.js";
import { play } from "./sound.js";

const SECONDS = { ok: 2.5, doubt: 4, stop: 4 };
const MORE_FOR_THE_CODE = 1;

/** Event `gone`. */
export class VerdictScreen extends EventTarget {
  /** What is shown now, or null. */
  current = null;
  #timer = 0;

  constructor() {
    super();
    by("verdict").addEventListener("click", () => this.close());
  }

  /** Show a view; the one before makes way at once. */
  show(view) {
    const sameShape = this.current?.command_id === view.command_id && this.current?.shape === view.shape;
    this.current = view;
    const screen = by("verdict");
    screen.dataset.shape = view.shape;
    screen.dataset.provisional = String(view.provisional);
    screen.dataset.id = view.command_id ?? "";
    by("verdict-shape").setAttribute("href", `#shape-${view.shape}`);
    put(by("verdict-act"), view.act ? say(`kiosk_page.act.${view.act}`) : "");
    show(by("verdict-provisional"), view.provisional);
    put(by("verdict-number"), view.number === null ? "" : number(view.number));
    put(by("verdict-sentence"), view.sentence);
    put(by("verdict-next"), view.next);
    put(by("verdict-easy"), view.easy);
    put(by("verdict-en"), view.en);
    show(by("verdict-code"), view.keepsCode);
    show(screen, true);
    // The final word that agrees with the provisional one needs no second sound.
    if (!sameShape) play(view.shape);
    clearTimeout(this.#timer);
    const seconds = SECONDS[view.shape] + (view.keepsCode ? MORE_FOR_THE_CODE : 0);
    this.#timer = setTimeout(() => this.close(), seconds * 1000);
  }

  close() {
    if (!this.current) return;
    clearTimeout(this.#timer);
    this.current = null;
    show(by("verdict"), false);
    this.dispatchEvent(new Event("gone"));
  }
}
