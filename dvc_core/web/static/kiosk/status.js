// What the main screen says of the tablet itself: enrolled, connected, in a drill, cut off, its camera, what waits.

import { by, put, show } from "../common/dom.js";
import { say } from "../common/text.js";

export function drawDevice(device) {
  const { body } = document;
  body.dataset.status = device.status;
  body.dataset.online = String(device.online);
  put(by("label"), device.label || say("kiosk_page.title"));
  put(by("day"), device.state?.day ? say("kiosk_page.day", dayFacts(device.state.day)) : "");
  put(by("net-text"), say(device.online ? "kiosk_page.net.online" : "kiosk_page.net.offline"));
  show(by("net"), device.status !== "new" || !device.online);
  show(by("offline-note"), !device.online && device.status !== "new");
  show(by("panel-ready"), device.status === "ready");
  show(by("panel-new"), device.status === "new" || device.status === "unknown");
  put(by("new-title"), say(device.status === "unknown" ? "kiosk_page.enrol.unknown" : "kiosk_page.enrol.title"));
  show(by("panel-cut"), device.status === "cut-off");
  drawDrill(device.drill);
  drawIntake(device);
}

function dayFacts(day) {
  const [, month, date] = day.split("-").map(Number);
  const weekday = new Date(`${day}T00:00:00`).toLocaleDateString("ja-JP", { weekday: "short" });
  return { month, date, weekday };
}

function drawDrill(drill) {
  document.body.dataset.drill = String(Boolean(drill));
  show(by("drill-banner"), Boolean(drill));
  show(by("drill-mark"), Boolean(drill));
  put(by("drill-banner"), drill ? say("kiosk_page.drill", { name: drill }) : "");
}

function drawIntake({ state, status }) {
  const intake = status === "ready" ? state?.intake : null;
  show(by("intake"), Boolean(intake));
  if (!intake) return;
  const left = intake.places_left;
  const key = !intake.open ? "closed" : left === 0 ? "full" : left === null || left === undefined ? "open" : "left";
  put(by("intake"), say(`kiosk_page.intake.${key}`, { left }));
}

export function drawCounts({ waiting }) {
  show(by("waiting"), waiting > 0);
  put(by("waiting"), say("kiosk_page.waiting", { count: waiting }));
  document.body.dataset.waiting = String(waiting);
  put(by("cut-waiting"), waiting ? say("kiosk_page.cut.waiting", { count: waiting }) : say("kiosk_page.cut.nothing"));
}

export function drawCamera({ state }) {
  document.body.dataset.camera = state;
  const trouble = ["refused", "absent", "busy", "insecure"].includes(state);
  show(by("camera-trouble"), trouble);
  show(by("camera-live"), state === "running");
  if (!trouble) return;
  put(by("camera-what"), say(`kiosk_page.camera.${state}`));
  put(by("camera-next"), say(`kiosk_page.camera.${state}_next`));
}
