// Sending one registration until the server has it, under one id for one content: a lost answer and a second try
// make one person, a changed content is another paper.

import { newId } from "../common/ids.js";
import { call, Unreachable } from "../common/net.js";
import { remembered } from "../common/store.js";

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 15_000;

/** Events: `stored` (detail: the answer), `problems` (detail: list), `unreachable`, `cut-off`. */
export class Sending extends EventTarget {
  #id = "";
  #content = "";
  #timer = 0;
  #failures = 0;
  #busy = false;

  /** Send an entry of the form. */
  async send(entry) {
    const content = JSON.stringify(entry);
    if (content !== this.#content) this.#id = newId();
    this.#content = content;
    this.#failures = 0;
    await this.again();
  }

  /** Try now what could not be sent before. */
  async again() {
    this.#rest();
    if (this.#busy || !this.#content) return;
    this.#busy = true;
    const id = this.#id;
    try {
      const credential = (await remembered("enrolment").catch(() => null))?.credential;
      const json = { command_id: id, ...JSON.parse(this.#content) };
      const answer = await call("/api/registrations", { json, credential, seconds: 10 });
      this.#busy = false;
      if (id === this.#id) this.#answered(answer);
    } catch (error) {
      this.#busy = false;
      if (!(error instanceof Unreachable)) throw error;
      if (id === this.#id && this.#content) this.#later();
    }
  }

  /** Stop trying; the content stays known, so that sending it unchanged is the same paper. */
  pause() {
    this.#rest();
  }

  /** The next person: nothing of this one is left. */
  forget() {
    this.#rest();
    this.#content = "";
    this.#id = "";
  }

  #answered({ status, data }) {
    if (status === 200 && data?.number) {
      this.#content = "";
      this.dispatchEvent(new CustomEvent("stored", { detail: data }));
    } else if (status === 401 || status === 403) this.dispatchEvent(new Event("cut-off"));
    else this.dispatchEvent(new CustomEvent("problems", { detail: data?.problems ?? [] }));
  }

  #later() {
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#failures, LONGEST_PAUSE);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.again(), pause * (0.5 + Math.random() / 2));
    this.dispatchEvent(new Event("unreachable"));
  }

  #rest() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }
}
