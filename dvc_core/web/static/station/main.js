// A tablet becomes a 班の端末: its browser makes a key that cannot be taken out of it, and gives the chief's code
// with the public half to the server, which answers with the cookie.

import { by, put, show } from "../common/dom.js";
import { remember } from "../common/store.js";
import { fillWords, say } from "../common/text.js";

const KEY = { name: "ECDSA", namedCurve: "P-256" };

fillWords(document);

function stand(state, words, problem = "") {
  document.body.dataset.state = state;
  put(by("said"), words);
  put(by("problem"), problem);
  show(by("problem"), Boolean(problem));
  show(by("form"), state === "new");
  show(by("again"), state === "known");
  show(by("begin"), state === "known" || state === "done");
}

async function ask(path, options = {}) {
  const answer = await fetch(path, { cache: "no-store", credentials: "same-origin", redirect: "error", ...options });
  return { status: answer.status, data: await answer.json().catch(() => null) };
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

// `false`: the private half stays in this browser; not even this page can read it.
async function newKey() {
  const pair = await crypto.subtle.generateKey(KEY, false, ["sign", "verify"]);
  return { pair, spoken: base64url(await crypto.subtle.exportKey("spki", pair.publicKey)) };
}

async function enrol(code) {
  stand("asking", say("station_page.asking"));
  let key;
  try {
    key = await newKey();
    await remember("station-key-new", key.pair);
  } catch {
    return stand("new", "", say("station_page.no_key"));
  }
  try {
    const body = JSON.stringify({ code, public_key: key.spoken });
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const { status, data } = await ask("/api/station/enrol", { method: "POST", body, headers });
    if (status !== 200 || !data) return stand("new", "", refusal(data));
    // Only now: a code that gives nothing must not cost a tablet the key that it has.
    await remember("station-key", key.pair);
    await navigator.storage?.persist?.().catch(() => null);
    return stand("done", say("station_page.done", data));
  } catch {
    return stand("new", "", say("station_page.unreachable"));
  }
}

function refusal(data) {
  const told = data?.problems?.[0];
  return told?.message ? [told.message, told.hint].filter(Boolean).join(" ") : say("station_page.unreachable");
}

function given() {
  const found = /^#enrol=([\w-]{1,40})$/.exec(location.hash);
  // The code works once and does not stay in the address.
  if (found) history.replaceState(null, "", "/station/");
  return found?.[1] ?? "";
}

async function begin() {
  const code = given();
  const known = await ask("/api/station").catch(() => ({ status: 0 }));
  if (known.status === 200) {
    by("again").onclick = () => (code ? enrol(code) : stand("new", ""));
    const words = say(code ? "station_page.known_again" : "station_page.known", known.data);
    return stand("known", words);
  }
  return code ? enrol(code) : stand("new", say("station_page.how"));
}

by("form").addEventListener("submit", (event) => {
  event.preventDefault();
  enrol(by("code").value.trim());
});
window.addEventListener("hashchange", begin);

begin();
