// 確認が必要: scans whose final verdict was not the one that the person saw. Staff takes them over one by one.

import { by, make, put, show } from "../common/dom.js";
import { number, say } from "../common/text.js";
import * as outbox from "./outbox.js";

export async function refreshList() {
  const found = await outbox.differing();
  const rejected = (await outbox.waiting()).filter((scan) => scan.rejected);
  show(by("attention"), found.length + rejected.length > 0);
  put(by("attention-count"), String(found.length + rejected.length));
  by("attention-list").replaceChildren(...found.map(item), ...rejected.map(rejectedItem));
  show(by("attention-none"), found.length + rejected.length === 0);
}

function item(result) {
  const done = make("button", { type: "button" }, say("kiosk_page.attention.done"));
  done.addEventListener("click", async () => {
    done.disabled = true;
    await outbox.heard(result.command_id);
    await refreshList();
  });
  const shown = result.shown ? say(`kiosk_page.shape.${result.shown}`) : say("kiosk_page.shape.none");
  const change = say("kiosk_page.attention.change", { shown, final: say(`kiosk_page.shape.${result.shape}`) });
  return make(
    "li",
    { data: { shape: result.shape, id: result.command_id } },
    make("p", { className: "who" }, title(result)),
    make("p", {}, result.message || say(`kiosk_page.verdict.${result.shape}`)),
    make("p", { className: "change" }, change),
    done,
  );
}

// The server cannot read it. It is neither sent nor thrown away: what it holds is shown for paper.
function rejectedItem(scan) {
  const what = scan.number ? "" : (scan.payload ?? "").slice(0, 40);
  return make(
    "li",
    { data: { shape: "stop", id: scan.command_id } },
    make("p", { className: "who" }, title(scan)),
    make("p", {}, say("kiosk_page.attention.rejected")),
    what ? make("p", { className: "change" }, what) : null,
  );
}

function title(scan) {
  const when = new Date(scan.at).toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" });
  const who = scan.number ? say("kiosk_page.attention.number", { number: number(scan.number) }) : say("kiosk_page.attention.no_number");
  return `${when}　${say(`kiosk_page.act.${scan.act}`)}　${who}`;
}
