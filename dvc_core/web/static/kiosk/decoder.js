// From a camera's frame to the texts of its codes: the browser's own detector where it knows QR, else the decoder
// in a worker, and as the last way the server.

import { call } from "../common/net.js";
import { scriptUrl } from "../common/trusted.js";

const WORKER_STARTS = 8_000;
const WORKER_ANSWERS = 4_000;
const SERVER_PAUSE = 500;

/** The best way this browser has. `ways` in the order of preference; a way that breaks gives way to the next. */
export class Decoder {
  #ways;
  #now = null;

  /** `decoder` is the decoder's address; `device` says whether the server can be asked. */
  constructor({ decoder, device }) {
    this.#ways = [native, () => inWorker(decoder), () => onServer(device)];
  }

  /** native, worker, server, or null before the first frame. */
  get way() {
    return this.#now?.name ?? null;
  }

  /** The texts in a canvas; none also when no way can be used at the moment. */
  async texts(canvas) {
    this.#now ??= await this.#next();
    if (!this.#now) return [];
    try {
      return await this.#now.texts(canvas);
    } catch {
      this.#now = await this.#next();
      return [];
    }
  }

  // The last way stays: it waits for the server by itself.
  async #next() {
    while (this.#ways.length > 1) {
      const way = await this.#ways.shift()().catch(() => null);
      if (way) return way;
    }
    return this.#ways[0]();
  }
}

// The class alone says nothing: some browsers have it and know no format.
async function native() {
  if (!(await globalThis.BarcodeDetector?.getSupportedFormats())?.includes("qr_code")) return null;
  const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
  return { name: "native", texts: async (canvas) => (await detector.detect(canvas)).map((code) => code.rawValue) };
}

async function inWorker(decoder) {
  const worker = new Worker(scriptUrl(new URL("decode-worker.js", import.meta.url).href));
  const heard = (seconds) =>
    new Promise((resolve, reject) => {
      const alarm = setTimeout(() => reject(new Error("the worker is silent")), seconds);
      const end = (how) => (event) => {
        clearTimeout(alarm);
        event.preventDefault?.();
        how(event.data);
      };
      worker.onmessage = end(resolve);
      worker.onerror = end(reject);
    });
  try {
    const ready = heard(WORKER_STARTS);
    worker.postMessage({ decoder });
    await ready;
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return {
    name: "worker",
    texts: async (canvas) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data.buffer;
      const answer = heard(WORKER_ANSWERS);
      worker.postMessage({ pixels, width, height }, [pixels]);
      return (await answer).texts;
    },
  };
}

async function onServer(device) {
  return {
    name: "server",
    texts: async (canvas) => {
      await new Promise((resolve) => setTimeout(resolve, SERVER_PAUSE));
      if (!device.online || !device.credential) return [];
      const body = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
      const frame = { body, type: "image/jpeg", credential: device.credential, seconds: 3 };
      const { data } = await call("/api/scans/frame", frame).catch(() => ({}));
      return data?.payloads ?? [];
    },
  };
}
