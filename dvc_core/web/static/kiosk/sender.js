// Sends what waits in the outbox, a batch at a time, by one sender of this device at a time, until nothing waits.

import { call, Unreachable } from "../common/net.js";
import * as outbox from "./outbox.js";

const BATCH = 50;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;
const REJECTED_PAUSE = 10 * 60_000;

/** Events: `settled` (detail: results), `counts` (detail: {waiting, rejected}), `net` (detail: reached or not). */
export class Sender extends EventTarget {
  #device;
  #timer = 0;
  #running = false;
  #again = false;
  #failures = 0;
  #size = BATCH;

  constructor(device) {
    super();
    this.#device = device;
  }

  /** Something waits, or the server may be back: try now. */
  wake() {
    clearTimeout(this.#timer);
    this.#again = true;
    if (!this.#running) this.#run();
  }

  async #run() {
    this.#running = true;
    try {
      while (this.#again) {
        this.#again = false;
        await alone(() => this.#drain());
      }
      this.#failures = 0;
    } catch (error) {
      this.#later(error);
    } finally {
      this.#running = false;
      await this.tell().catch(() => null);
      if (this.#again) this.wake();
    }
  }

  /** Say how many wait. */
  async tell() {
    this.dispatchEvent(new CustomEvent("counts", { detail: await outbox.counts() }));
  }

  async #drain() {
    for (;;) {
      const batch = await this.#next();
      if (batch.length === 0 || !this.#device.credential) return;
      const { status, data } = await this.#post(batch);
      if (status === 200 && Array.isArray(data?.results)) await this.#settle(batch, data.results);
      else if (status === 401 || status === 403) throw this.#out(status);
      else await this.#refused(batch, status);
      this.#failures = 0;
    }
  }

  async #next() {
    const now = Date.now();
    const ready = (await outbox.waiting()).filter((scan) => !(now - scan.rejected?.at < REJECTED_PAUSE));
    // A batch belongs to one database: a device that was enrolled anew says of older scans where they come from.
    const database = ready[0]?.database_id;
    return ready.filter((scan) => scan.database_id === database).slice(0, this.#size);
  }

  #post(batch) {
    const scans = batch.map(({ command_id, payload, number, act, at }) =>
      payload === undefined ? { command_id, number, act, at } : { command_id, payload, act, at },
    );
    const json = { device_now: new Date().toISOString(), database_id: batch[0].database_id, scans };
    return call("/api/scans", { json, credential: this.#device.credential });
  }

  async #settle(batch, results) {
    const asked = new Set(batch.map((scan) => scan.command_id));
    const settled = await outbox.settle(results.filter((result) => asked.has(result.command_id)));
    this.#size = BATCH;
    this.#reached(true);
    if (settled.length === 0) throw new Unreachable("an answer that names none of the scans");
    this.dispatchEvent(new CustomEvent("settled", { detail: settled }));
    await this.tell();
  }

  // The server reads but does not take the batch: smaller ones, until the scan that it cannot take stands alone.
  async #refused(batch, status) {
    this.#reached(true);
    if (batch.length > 1) this.#size = Math.ceil(batch.length / 2);
    else {
      await outbox.noteRejected(batch[0].command_id, status);
      this.#size = BATCH;
    }
  }

  #out(status) {
    this.#reached(true);
    this.#device.out(status);
    return new Unreachable(`status ${status}`);
  }

  #later(error) {
    if (error instanceof Unreachable && !this.#device.isOut) this.#reached(false);
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#failures, LONGEST_PAUSE);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.wake(), pause * (0.5 + Math.random() / 2));
  }

  #reached(detail) {
    this.dispatchEvent(new CustomEvent("net", { detail }));
  }
}

// Two tabs of one device must not send the same scans side by side. The lock needs https; without it a second
// send is only a repeat, which the server knows by the ids.
const alone = (work) => (navigator.locks ? navigator.locks.request("tasuki-sender", work) : work());
