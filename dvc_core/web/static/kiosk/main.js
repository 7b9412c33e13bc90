// The kiosk's page: what hangs together with what.

import { by, put, show } from "../common/dom.js";
import { remember, remembered } from "../common/store.js";
import { fillWords, say } from "../common/text.js";
import { Camera } from "./camera.js";
import { Decoder } from "./decoder.js";
import { Device } from "./device.js";
import { Keypad } from "./keypad.js";
import { refreshList } from "./list.js";
import { keepPage, lookForNew } from "./offline.js";
import { Scans } from "./scans.js";
import { Sender } from "./sender.js";
import { Sheet } from "./sheet.js";
import { play, wakeSound } from "./sound.js";
import { drawDevice, drawCamera, drawCounts } from "./status.js";
import { TypedScanner } from "./typed.js";
import { parse } from "./token.js";
import { VerdictScreen } from "./verdict.js";
import { ACTS, localView } from "./words.js";

fillWords(document);

const device = new Device();
const sender = new Sender(device);
const screen = new VerdictScreen();
const sheet = new Sheet();
const keypad = new Keypad({ sheet });
const decoder = new Decoder({ decoder: document.body.dataset.decoder, device });
const camera = new Camera({ video: by("video"), decoder });
const typed = new TypedScanner({ field: by("typed") });
const scans = new Scans({ device, sender, screen, act: () => document.body.dataset.act });

// 来た・帰る・出発・もどった: chosen once for what this tablet stands for, and kept.
function choose(act) {
  document.body.dataset.act = act;
  for (const each of ACTS) by(`act-${each}`).setAttribute("aria-pressed", String(each === act));
  put(by("now-act"), say(`kiosk_page.act.${act}`));
}

for (const act of ACTS) {
  by(`act-${act}`).addEventListener("click", () => {
    choose(act);
    remember("act", act).catch(() => null);
  });
}

async function enrol(code) {
  // What someone opens while the server is asked stays open.
  const before = sheet.name;
  show(by("enrol-problem"), false);
  for (const button of document.querySelectorAll(".enrol-send")) button.disabled = true;
  const problem = await device.enrol(code);
  for (const button of document.querySelectorAll(".enrol-send")) button.disabled = false;
  if (problem) {
    put(by("enrol-problem"), problem);
    show(by("enrol-problem"), true);
    if (sheet.name === before) sheet.close();
    if (device.status === "ready") screen.show(localView("kiosk_page.enrol.refused", { sentence: problem }));
    return;
  }
  used = code;
  if (sheet.name === before) sheet.close();
  play("ok");
  sender.wake();
}

// A tablet in service is enrolled anew only after a person has said so.
let asked = "";
let used = "";
function offered(code) {
  if (device.status === "new" || device.status === "unknown") return void enrol(code);
  // The chief's screen may stand before the camera for a while after it has done its work.
  if (code === used || (sheet.name === "again" && asked === code)) return undefined;
  asked = code;
  put(by("again-text"), say("kiosk_page.again.text", { label: device.label }));
  return sheet.open("again");
}

function readAddress() {
  const found = parse(location.href);
  if (found.kind !== "enrol") return "";
  // The code works once and does not stay in the address.
  history.replaceState(null, "", "/kiosk/");
  return found.code;
}

for (const form of document.querySelectorAll(".enrol-form")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.querySelector("input");
    const given = parse(field.value);
    const code = given.kind === "enrol" ? given.code : field.value.trim();
    field.value = "";
    field.blur();
    if (code) enrol(code);
  });
}

device.addEventListener("change", () => {
  const wasOnline = document.body.dataset.online === "true";
  drawDevice(device);
  if (device.online && !wasOnline) {
    sender.wake();
    device.ask();
    lookForNew();
  }
});
sender.addEventListener("net", (event) => device.reached(event.detail));
sender.addEventListener("counts", async (event) => {
  drawCounts(event.detail);
  await refreshList();
});
scans.addEventListener("differs", async () => {
  await refreshList();
  play("doubt");
});
scans.addEventListener("enrol", (event) => offered(event.detail));
camera.addEventListener("change", () => drawCamera(camera));
camera.addEventListener("texts", (event) => {
  for (const text of event.detail) if (!sheet.name || sheet.name === "keypad") scans.text(text);
});

typed.addEventListener("text", (event) => {
  if (keypad.isOpen && /^[0-9]{1,4}$/.test(event.detail)) {
    keypad.type(event.detail);
    keypad.send();
  } else scans.text(event.detail);
});
typed.addEventListener("digits", (event) => {
  if (keypad.isOpen) keypad.type(event.detail);
  else if (device.status === "ready" && !sheet.name) keypad.open(document.body.dataset.act, event.detail);
});
typed.addEventListener("enter", () => keypad.isOpen && keypad.send());
keypad.addEventListener("number", (event) => scans.number(event.detail));
sheet.addEventListener("closed", () => typed.focus());

by("by-number").addEventListener("click", () => keypad.open(document.body.dataset.act));
by("attention").addEventListener("click", () => sheet.open("attention-sheet"));
by("settings").addEventListener("click", () => sheet.open("settings-sheet"));
by("again-yes").addEventListener("click", () => enrol(asked));
by("sound-test").addEventListener("click", async () => {
  await wakeSound();
  play("ok");
});
for (const button of document.querySelectorAll(".camera-turn")) button.addEventListener("click", () => camera.turn());
by("camera-retry").addEventListener("click", () => camera.retry());

document.addEventListener("pointerdown", async () => show(by("mute"), !(await wakeSound())), { capture: true });
document.addEventListener("keydown", () => wakeSound(), { capture: true });
window.addEventListener("online", () => device.ask());
window.addEventListener("hashchange", () => {
  const code = readAddress();
  if (code) offered(code);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  device.ask();
  sender.wake();
  stayAwake();
});

async function stayAwake() {
  await navigator.wakeLock?.request("screen").catch(() => null);
}

async function begin() {
  const code = readAddress();
  choose((await remembered("act").catch(() => null)) ?? ACTS[0]);
  drawDevice(device);
  drawCamera(camera);
  const clock = () => put(by("clock"), new Date().toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" }));
  clock();
  setInterval(clock, 1000);
  await device.start();
  if (code) offered(code);
  sender.wake();
  camera.start();
  stayAwake();
  navigator.storage?.persist?.().catch(() => null);
  show(by("mute"), !(await wakeSound()));
  document.body.dataset.kept = String(await keepPage(() => !screen.current && !sheet.name));
}

begin();
