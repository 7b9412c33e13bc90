// This tablet as a kiosk: its enrolment by the chief's code, and what the server tells it from time to time.

import { call, Unreachable } from "../common/net.js";
import { remember, remembered } from "../common/store.js";
import { say } from "../common/text.js";
import { counts } from "./outbox.js";

const ASK_EVERY = 15_000;
const ASK_SOON = 2_000;

/**
 * Event `change`. `status`: starting, new, ready, cut-off (by the chief) or unknown (the server does not know this
 * enrolment, as after a restore); `online`: whether the last request was answered.
 */
export class Device extends EventTarget {
  status = "starting";
  online = true;
  /** {kiosk_id, label, credential, database_id, council, drill, keys} or null. */
  enrolment = null;
  /** {day, label, drill, keys, revoked, intake} or null: what the server said last. */
  state = null;
  #timer = 0;
  #failures = 0;

  get credential() {
    return this.enrolment?.credential ?? "";
  }

  /** Whether the server takes no scans of this device as they are. */
  get isOut() {
    return this.status === "cut-off" || this.status === "unknown";
  }

  get label() {
    return this.state?.label ?? this.enrolment?.label ?? "";
  }

  /** The drill's name, or null in the real thing. */
  get drill() {
    const known = this.state ?? this.enrolment;
    // Before anything is known, the page itself says where it came from.
    return (known ? known.drill : document.body.dataset.servedDrill) || null;
  }

  /** What the provisional verdict needs. */
  get known() {
    return {
      keys: this.state?.keys ?? this.enrolment?.keys ?? [],
      revoked: this.state?.revoked ?? [],
      council: this.enrolment?.council ?? "",
    };
  }

  async start() {
    this.enrolment = await remembered("enrolment");
    this.state = this.enrolment ? await remembered("state") : null;
    const out = this.enrolment && (await remembered("out"));
    this.#become(this.enrolment ? (out?.kiosk_id === this.enrolment.kiosk_id ? out.status : "ready") : "new");
    await this.ask();
  }

  /** Enrol by the chief's code. Answers "" or what to say. */
  async enrol(code) {
    try {
      const { status, data } = await call("/api/kiosk/enrol", { json: { code } });
      if (status !== 200 || !data?.credential) return refusal(data);
      this.enrolment = data;
      this.state = null;
      await remember("enrolment", data);
      await remember("state", null);
      await remember("out", null);
      this.reached(true);
      this.#become("ready");
      await this.ask();
      return "";
    } catch (error) {
      if (!(error instanceof Unreachable)) return say("kiosk_page.enrol.not_kept");
      this.reached(false);
      return say("kiosk_page.enrol.unreachable");
    }
  }

  /** Ask the server for the day, the keys, the revoked codes; again in a while. */
  async ask() {
    clearTimeout(this.#timer);
    if (!this.enrolment) return;
    try {
      const told = await counts().catch(() => null);
      const address = told ? `/api/kiosk/state?waiting=${told.waiting}` : "/api/kiosk/state";
      const { status, data } = await call(address, { credential: this.credential, seconds: 5 });
      this.#failures = 0;
      if (status === 401 || status === 403) this.out(status);
      else if (status === 200 && data) await this.#told(data);
      this.reached(true);
    } catch (error) {
      this.#failures += 1;
      if (error instanceof Unreachable) this.reached(false);
    }
    this.#askIn(this.#failures ? Math.min(ASK_SOON * this.#failures, ASK_EVERY) : ASK_EVERY);
  }

  #askIn(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ask(), pause * (0.75 + Math.random() / 2));
  }

  async #told(state) {
    this.state = state;
    await remember("state", state);
    if (this.isOut) await remember("out", null);
    this.#become("ready");
  }

  /** 403: the chief has cut this tablet off; what waits is still sent. 401: its enrolment is not known there. */
  out(answered) {
    const status = answered === 403 ? "cut-off" : "unknown";
    if (this.status === status) return;
    remember("out", { kiosk_id: this.enrolment?.kiosk_id, status }).catch(() => null);
    this.#become(status);
  }

  /** The server was reached, or not. */
  reached(online) {
    if (this.online === online) return;
    this.online = online;
    if (!online && this.enrolment) this.#askIn(ASK_SOON);
    this.#say();
  }

  #become(status) {
    this.status = status;
    this.#say();
  }

  #say() {
    this.dispatchEvent(new Event("change"));
  }
}

// The server says why a code gives nothing: used, too late, unknown.
function refusal(data) {
  const told = data?.problems?.[0];
  return told?.message ? [told.message, told.hint].filter(Boolean).join(" ") : say("kiosk_page.enrol.refused");
}
