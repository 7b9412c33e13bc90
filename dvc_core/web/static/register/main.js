// The registration form on a council tablet (受付): one person writes, sends, takes number and code, and nothing
// of them stays behind. Write-only: this page can read nobody's data.

import { by, make, put, show } from "../common/dom.js";
import { call } from "../common/net.js";
import { fillWords, number, say } from "../common/text.js";
import { ADULT, ERAS } from "./birth.js";
import { ageIn, content, problemsOf } from "./fields.js";
import { Idle } from "./idle.js";
import { clearProblems, drawProblems, mended, showProblems } from "./problems.js";
import { Sending } from "./sending.js";

const IDLE = { after: 120, warning: 30 };
const OPTIONS_AGAIN = 5_000;
const MOST_SEATS = 8;
const LICENCES = ["none", "ordinary", "semi_medium", "medium", "large", "other"];
const VEHICLES = ["none", "car", "truck"];

const form = by("form");
const sending = new Sending();
let language = "ja";
let options = { skills: [], drill: document.body.dataset.servedDrill };
let code = null;

const today = () => options.day ?? new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
const step = () => document.body.dataset.step;
const touched = () => JSON.stringify(content(form, today())) !== blank;

function go(to) {
  document.body.dataset.step = to;
  for (const part of ["form", "unsent", "done"]) show(by(part), part === to);
  window.scrollTo(0, 0);
}

// Words. The lists keep what was chosen when the language changes.
function speak(chosen) {
  language = chosen;
  document.documentElement.lang = language === "en" ? "en" : "ja";
  fillWords(document, language);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  fill(by("era"), ERAS, "register_page.era");
  fill(by("licence"), LICENCES, "register_page.licence");
  fill(by("vehicle"), VEHICLES, "register_page.vehicle");
  by("done-code").alt = say("register_page.done.code", {}, language);
  drawSkills();
  drawDrill();
  drawProblems(language);
  drawUnsent();
}

function fill(list, values, key) {
  const chosen = list.value || values[0];
  list.replaceChildren(...values.map((value) => make("option", { value }, say(`${key}.${value}`, {}, language))));
  list.value = chosen;
}

function drawSkills() {
  const chosen = new Set(new FormData(form).getAll("skills"));
  const one = ({ code: value, names }) =>
    make("label", {}, make("input", { type: "checkbox", name: "skills", value, checked: chosen.has(value) }), make("span", {}, names[language] ?? names.ja));
  by("skills").replaceChildren(...options.skills.map(one));
  show(by("skills-none"), options.skills.length === 0);
}

function drawDrill() {
  document.body.dataset.drill = String(Boolean(options.drill));
  show(by("drill-banner"), Boolean(options.drill));
  show(by("drill-mark"), Boolean(options.drill));
  put(by("drill-banner"), options.drill ? say("register_page.drill", { name: options.drill }, language) : "");
}

async function learnOptions() {
  try {
    const { status, data } = await call("/api/register/options");
    if (status !== 200 || !Array.isArray(data?.skills)) throw new Error(`status ${status}`);
    options = data;
    drawSkills();
    drawDrill();
  } catch {
    setTimeout(learnOptions, OPTIONS_AGAIN);
  }
}

// The form.
function adapt() {
  const byBirth = form.elements.age_by.value === "birth";
  show(by("by-age"), !byBirth);
  show(by("by-birth"), byBirth);
  const age = ageIn(form, today());
  show(by("guardian"), age !== null && age < ADULT);
  show(by("drives"), by("vehicle").value !== "none");
}

form.addEventListener("input", (event) => {
  adapt();
  mended(event.target.closest("[data-field]")?.dataset.field, language);
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const entry = content(form, today());
  const problems = problemsOf(entry, { age: ageIn(form, today()), language });
  if (problems.length) return showProblems(problems, language);
  clearProblems();
  by("send").disabled = true;
  const licence = entry.licence === "none" ? "" : say(`register_page.licence.${entry.licence}`);
  await sending.send({ ...entry, licence, language });
  by("send").disabled = false;
});

function clear() {
  sending.forget();
  form.reset();
  clearProblems();
  by("done-code").removeAttribute("src");
  put(by("done-number"), "");
  if (code) URL.revokeObjectURL(code.address);
  code = null;
  speak("ja");
  adapt();
  go("form");
}

// What the server said.
sending.addEventListener("stored", async (event) => {
  form.reset();
  adapt();
  put(by("done-number"), number(event.detail.number));
  code = { payload: event.detail.payload, address: "" };
  go("done");
  by("done-title").focus();
  await drawCode();
});
sending.addEventListener("problems", (event) => {
  go("form");
  showProblems(event.detail.length ? event.detail : [{ key: "register_page.problem.other" }], language);
});
sending.addEventListener("cut-off", () => {
  go("form");
  showProblems([{ key: "register_page.problem.cut_off" }], language);
});
sending.addEventListener("unreachable", () => {
  drawUnsent();
  if (step() !== "unsent") go("unsent");
});

function drawUnsent() {
  put(by("unsent-text"), say("register_page.unsent.text", {}, language));
}

async function drawCode() {
  const mine = code;
  show(by("done-no-code"), false);
  show(by("done-code"), false);
  try {
    const answer = await fetch("/register/code", {
      method: "POST",
      body: JSON.stringify({ payload: mine.payload }),
      headers: { "Content-Type": "application/json" },
      credentials: "omit",
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const picture = await answer.blob();
    if (mine !== code) return;
    mine.address = URL.createObjectURL(picture);
    by("done-code").src = mine.address;
    show(by("done-code"), true);
  } catch {
    if (mine === code) show(by("done-no-code"), true);
  }
}

by("unsent-again").addEventListener("click", () => sending.again());
by("unsent-edit").addEventListener("click", () => {
  sending.pause();
  go("form");
});
by("done-code-again").addEventListener("click", drawCode);
by("next").addEventListener("click", clear);
by("clear").addEventListener("click", clear);
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => speak(button.dataset.language));
}

// A registration that could not be sent yet is covered, not cleared: the person has done their part.
const idle = new Idle({ ...IDLE, watches: () => step() === "done" || (step() === "form" && touched()) });
idle.addEventListener("warn", (event) => {
  put(by("idle-text"), say("register_page.idle.text", { seconds: event.detail }, language));
  show(by("idle"), true);
});
idle.addEventListener("stay", () => show(by("idle"), false));
idle.addEventListener("clear", clear);
window.addEventListener("pageshow", (event) => event.persisted && clear());
window.addEventListener("online", () => step() === "unsent" && sending.again());

for (let seats = 0; seats <= MOST_SEATS; seats++) by("seats").append(make("option", { value: seats }, String(seats)));
speak("ja");
form.reset();
adapt();
const blank = JSON.stringify(content(form, today()));
go("form");
learnOptions();
