// What a 班の端末 does in the browser: it proves its key, tells that it is alive and whether a hand is on it, and
// takes a name and a PIN. The PIN is put together here and leaves once; a slow network loses no digit.

const ME = "tasuki-station";
const DATABASE = { name: "tasuki", store: "device", key: "station-key" };
const LONGEST = 6;
const SHORTEST = 4;
const root = document.getElementById("root");

let args = null;
let sent = 0;
let touched = false;
let pulse = 0;
let chosen = null;
let digits = "";
let attempt = -1;

// ------------------------------------------------------------------ the framework's side of a component

const post = (type, facts) => window.parent.postMessage({ isStreamlitMessage: true, type, ...facts }, "*");
const answer = (value) => post("streamlit:setComponentValue", { value, dataType: "json" });
const size = () => post("streamlit:setFrameHeight", { height: args?.mode === "watch" ? 0 : root.scrollHeight + 8 });

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || event.data?.type !== "streamlit:render") return;
  args = event.data.args;
  if (args.mode === "watch") watch();
  else take();
  size();
});

// -------------------------------------------------------------------------------- the key of this tablet

const opened = (request) =>
  new Promise((resolve, reject) => {
    // Where no tablet was enrolled there is nothing to open, and nothing is to be made.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function key() {
  // Without a version: what the page of the enrolment made is opened as it is.
  const database = await opened(indexedDB.open(DATABASE.name));
  try {
    const store = database.transaction([DATABASE.store], "readonly").objectStore(DATABASE.store);
    return (await opened(store.get(DATABASE.key)))?.value?.privateKey ?? null;
  } finally {
    database.close();
  }
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

async function prove() {
  const word = args.challenge;
  try {
    const message = new TextEncoder().encode(`${ME}|${args.credential}|${word}`);
    const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, await key(), message);
    answer({ kind: "key", word, signature: base64url(signature) });
  } catch {
    answer({ kind: "no-key", word });
  }
}

// ------------------------------------------------------------------------------------------- alive, in use

const touch = () => (touched = true);

function listen() {
  // The page around is ours and of one origin; a hand on any part of it counts, a text being typed too.
  for (const kind of ["pointerdown", "keydown"]) {
    window.parent.document.addEventListener(kind, touch, { capture: true, passive: true });
  }
}

let proved = "";
function watch() {
  if (args.challenge && args.challenge !== proved) {
    proved = args.challenge;
    prove();
  }
  if (pulse || !args.beat) return;
  listen();
  pulse = setInterval(() => {
    sent += 1;
    answer({ kind: "beat", n: sent, used: touched });
    touched = false;
  }, args.beat * 1000);
}

// --------------------------------------------------------------------------------------- 名前, 暗証番号

function make(tag, facts, ...inside) {
  const element = Object.assign(document.createElement(tag), facts);
  element.append(...inside);
  return element;
}

function take() {
  if (args.attempt !== attempt) {
    attempt = args.attempt;
    digits = "";
    chosen = args.people.find((person) => person.id === args.chosen) ?? null;
  }
  root.replaceChildren(...(chosen ? [pad()] : [said(), names()]));
  if (chosen) root.focus({ preventScroll: true });
}

function draw() {
  args = { ...args, problem: "" };
  root.replaceChildren(...(chosen ? [pad()] : [said(), names()]));
  if (chosen) root.focus({ preventScroll: true });
  size();
}

const said = () => make("p", { className: "problem", role: "alert", textContent: args.problem });

function names() {
  const list = make("div", { className: "people" });
  for (const person of args.people) {
    const button = make("button", { type: "button", disabled: !person.pin }, person.name);
    if (person.kana || !person.pin) button.append(make("small", { textContent: person.pin ? person.kana : args.words.none }));
    button.onclick = () => {
      chosen = person;
      digits = "";
      draw();
    };
    list.append(button);
  }
  return list;
}

function pad() {
  const box = make("div", { className: "pad" });
  const dots = make("p", { className: "dots", role: "status", ariaLabel: args.words.pin });
  const send = make("button", { type: "button", className: "main", textContent: args.words.send });
  const show = () => {
    dots.textContent = "●".repeat(digits.length);
    send.disabled = digits.length < SHORTEST;
  };
  const add = (digit) => {
    if (digits.length < LONGEST) digits += digit;
    show();
  };
  const erase = () => {
    digits = "";
    show();
  };
  const go = () => {
    if (digits.length < SHORTEST) return;
    send.disabled = true;
    sent += 1;
    answer({ kind: "take", n: `${args.attempt}-${sent}`, account: chosen.id, pin: digits });
    digits = "";
  };
  const keys = make("div", { className: "keys" });
  for (const digit of "123456789") keys.append(make("button", { type: "button", textContent: digit, onclick: () => add(digit) }));
  keys.append(make("button", { type: "button", textContent: args.words.erase, onclick: erase }));
  keys.append(make("button", { type: "button", textContent: "0", onclick: () => add("0") }));
  send.onclick = go;
  keys.append(send);
  document.onkeydown = (event) => {
    if (/^[0-9]$/.test(event.key)) add(event.key);
    else if (event.key === "Backspace") erase();
    else if (event.key === "Enter" && event.target.tagName !== "BUTTON") go();
  };
  const back = make("button", { type: "button", className: "back", textContent: args.words.back });
  back.onclick = () => {
    chosen = null;
    document.onkeydown = null;
    draw();
  };
  box.append(make("h2", { textContent: chosen.name }), said(), dots, keys, back);
  show();
  return box;
}

post("streamlit:componentReady", { apiVersion: 1 });
