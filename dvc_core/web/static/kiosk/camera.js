// The tablet's camera: the front one by default, since people hold their code towards the screen. Looks at a few
// frames a second, only while the page is seen, and says plainly what to do when there is no picture.

import { remember, remembered } from "../common/store.js";

const BETWEEN_FRAMES = 120;
const WIDEST = 1280;
const TROUBLE = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Events: `change` (of `state`), `texts` (detail: the texts of the codes in a frame). */
export class Camera extends EventTarget {
  /** off, starting, running, refused, absent, busy or insecure. */
  state = "off";
  facing = "user";
  #video;
  #decoder;
  #canvas = document.createElement("canvas");
  #stream = null;
  #looking = false;

  constructor({ video, decoder }) {
    super();
    this.#video = video;
    this.#decoder = decoder;
    this.#canvas.getContext("2d", { willReadFrequently: true });
    document.addEventListener("visibilitychange", () => this.#look());
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.#retry());
  }

  async start() {
    this.facing = (await remembered("camera").catch(() => null)) ?? this.facing;
    await this.#open();
  }

  /** The other camera. Kept for this device. */
  async turn() {
    this.facing = this.facing === "user" ? "environment" : "user";
    await remember("camera", this.facing).catch(() => null);
    await this.#open();
  }

  /** After trouble: once more. */
  async retry() {
    await this.#open();
  }

  #retry() {
    if (this.state === "absent") this.#open();
  }

  async #open() {
    if (this.state === "starting") return;
    this.#close();
    if (!navigator.mediaDevices?.getUserMedia) return this.#become("insecure");
    this.#become("starting");
    try {
      const picture = { width: { ideal: WIDEST }, height: { ideal: 720 }, facingMode: { ideal: this.facing } };
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: picture, audio: false });
      const [track] = this.#stream.getVideoTracks();
      track.addEventListener("ended", () => this.#ended(track));
      // A camera that does not say where it looks is taken for one that looks at the person.
      this.#video.dataset.mirrored = String(track.getSettings().facingMode !== "environment");
      this.#video.srcObject = this.#stream;
      await this.#video.play();
      this.#become("running");
      this.#look();
    } catch (error) {
      this.#close();
      this.#become(TROUBLE[error.name] ?? "busy");
    }
  }

  #close() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }

  #ended(track) {
    if (this.#stream?.getVideoTracks()[0] === track) {
      this.#close();
      this.#become("busy");
    }
  }

  async #look() {
    if (this.#looking) return;
    this.#looking = true;
    while (this.state === "running" && document.visibilityState === "visible") {
      if (this.#video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && this.#video.videoWidth) {
        const texts = await this.#decoder.texts(this.#frame());
        if (texts.length) this.dispatchEvent(new CustomEvent("texts", { detail: texts }));
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_FRAMES));
    }
    this.#looking = false;
  }

  #frame() {
    const shrink = Math.min(1, WIDEST / this.#video.videoWidth);
    this.#canvas.width = Math.round(this.#video.videoWidth * shrink);
    this.#canvas.height = Math.round(this.#video.videoHeight * shrink);
    this.#canvas.getContext("2d").drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height);
    return this.#canvas;
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}
