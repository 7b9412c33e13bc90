// One scan from the eye to the last word: judged here, kept in the outbox, sent, shown, and shown again where the
// server says otherwise.

import { newId } from "../common/ids.js";
import { call, Unreachable } from "../common/net.js";
import * as outbox from "./outbox.js";
import { judge, parse } from "./token.js";
import { finalView, localView, provisionalView, shapeOf } from "./words.js";

const SAME_AGAIN = 4_000;
const WAIT_FOR_SERVER = 700;

/** Events: `differs` (the list for staff has grown), `enrol` (detail: code). */
export class Scans extends EventTarget {
  #device;
  #sender;
  #screen;
  #act;
  #seen = new Map();
  #waiting = new Map();

  /** `act` is a function that answers the act chosen at this moment. */
  constructor({ device, sender, screen, act }) {
    super();
    this.#device = device;
    this.#sender = sender;
    this.#screen = screen;
    this.#act = act;
    sender.addEventListener("settled", (event) => this.#settled(event.detail));
  }

  /** A text from the camera or from a scanner that types. */
  async text(text) {
    const reading = parse(text);
    if (this.#again(reading)) return null;
    if (reading.kind === "enrol") return this.dispatchEvent(new CustomEvent("enrol", { detail: reading.code }));
    if (this.#device.status !== "ready") return null;
    if (reading.kind === "code") return this.#take({ payload: reading.payload }, await this.#judged(reading), reading);
    if (reading.kind === "number") return this.number(reading.number);
    return this.#screen.show(localView(`token.${reading.kind}`));
  }

  /** A number by hand. */
  async number(number) {
    return this.#device.status === "ready" ? this.#take({ number }, "unchecked") : null;
  }

  // A code that stays before the camera is one scan, however long it stays there.
  #again(reading) {
    const now = performance.now();
    const what = `${this.#act()} ${reading.payload ?? reading.number ?? reading.code ?? reading.kind}`;
    const before = this.#seen.get(what);
    for (const [old, at] of this.#seen) if (now - at > SAME_AGAIN) this.#seen.delete(old);
    this.#seen.set(what, now);
    return before !== undefined && now - before < SAME_AGAIN;
  }

  #judged(reading) {
    return judge(reading, this.#device.known).catch(() => "unchecked");
  }

  async #take(what, judged, reading) {
    const scan = {
      command_id: newId(),
      ...what,
      act: this.#act(),
      at: new Date().toISOString(),
      database_id: this.#device.enrolment.database_id,
    };
    const facts = { act: scan.act, command_id: scan.command_id, number: what.number ?? null, key_id: reading?.keyId };
    const provisional = provisionalView({ judged, ...facts });
    const answered = this.#answer(scan.command_id);
    try {
      await outbox.add(scan);
    } catch {
      return this.#withoutOutbox(scan);
    }
    this.#sender.wake();
    const result = this.#device.online ? await soon(answered) : null;
    const said = result ?? (await outbox.result(scan.command_id).catch(() => null));
    if (said) await this.#final(said);
    else await this.#provisional(provisional);
    return scan.command_id;
  }

  #answer(commandId) {
    return new Promise((resolve) => this.#waiting.set(commandId, resolve));
  }

  async #provisional(view) {
    this.#waiting.delete(view.command_id);
    this.#screen.show(view);
    await outbox.noteShown(view.command_id, view.shape).catch(() => null);
    // It may have been settled between the question and the note.
    const said = await outbox.result(view.command_id).catch(() => null);
    if (said) await this.#late(said);
  }

  async #final(result) {
    this.#screen.show(finalView(result));
    if (result.differs) await outbox.heard(result.command_id);
  }

  async #settled(results) {
    for (const result of results) {
      const waits = this.#waiting.get(result.command_id);
      this.#waiting.delete(result.command_id);
      if (waits) waits(result);
      else await this.#late(result);
    }
  }

  // The person may still stand there: then the screen says it. Else staff gets it on the list.
  async #late(result) {
    if (this.#screen.current?.command_id === result.command_id) await this.#final(result);
    else if (result.differs) this.dispatchEvent(new Event("differs"));
  }

  // The browser cannot keep anything (full, private mode): the server itself must say that it has it, or it is ×.
  async #withoutOutbox(scan) {
    this.#waiting.delete(scan.command_id);
    const { database_id, ...plain } = scan;
    const json = { device_now: new Date().toISOString(), database_id, scans: [plain] };
    try {
      const { data } = await call("/api/scans", { json, credential: this.#device.credential, seconds: 5 });
      const said = data?.results?.find((result) => result.command_id === scan.command_id);
      if (!said) throw new Unreachable("not stored");
      return this.#screen.show(finalView({ ...said, shape: shapeOf(said), act: scan.act }));
    } catch {
      return this.#screen.show(localView("kiosk_page.not_kept", { act: scan.act }));
    }
  }
}

const soon = (answered) =>
  Promise.race([answered, new Promise((resolve) => setTimeout(() => resolve(null), WAIT_FOR_SERVER))]);
