// The one sheet that may lie over the main screen (number, list for staff, settings). Not <dialog>: the top layer
// would hide a drill's mark.

import { by, show } from "../common/dom.js";

/** Event `closed`. */
export class Sheet extends EventTarget {
  /** The id of the open sheet, or "". */
  name = "";

  constructor() {
    super();
    for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  open(name) {
    if (this.name && this.name !== name) show(by(this.name), false);
    this.name = name;
    show(by(name), true);
    by("main").inert = true;
  }

  close() {
    if (!this.name) return;
    show(by(this.name), false);
    this.name = "";
    by("main").inert = false;
    this.dispatchEvent(new Event("closed"));
  }
}
