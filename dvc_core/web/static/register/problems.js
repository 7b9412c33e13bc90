// Problems of the form: one list on top that leads to the fields, and each at its field, in the chosen language.

import { by, make, put, show } from "../common/dom.js";
import { say } from "../common/text.js";

let shown = [];

/** `list`: {field, key} of our own check, or {field or column, message, hint, words} of the server, the latter by language. */
export function showProblems(list, language) {
  shown = list;
  drawProblems(language);
  by("problems").focus();
  by("problems").scrollIntoView({ block: "start" });
}

export function clearProblems() {
  shown = [];
  drawProblems("ja");
}

/** Someone mends a field: its problem has been read. */
export function mended(field, language) {
  const left = shown.filter((problem) => (problem.field ?? problem.column) !== field);
  if (left.length === shown.length) return;
  shown = left;
  drawProblems(language);
}

/** Draw them again, in another language. */
export function drawProblems(language) {
  for (const old of document.querySelectorAll(".field-problem")) old.remove();
  for (const field of document.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  show(by("problems"), shown.length > 0);
  put(by("problems-title"), say("register_page.problem.title", { count: shown.length }, language));
  by("problems-list").replaceChildren(...shown.map((problem, at) => line(problem, at, language)));
}

function words(problem, language) {
  if (problem.key) return say(problem.key, {}, language);
  const { message, hint } = problem.words?.[language] ?? problem;
  return [message, hint].filter(Boolean).join(" ") || say("register_page.problem.other", {}, language);
}

function line(problem, at, language) {
  const name = problem.field ?? problem.column ?? "";
  const place = [...document.querySelectorAll("[data-field]")].find((each) => each.dataset.field === name);
  const text = words(problem, language);
  if (!place) return make("li", {}, text);
  const id = `problem-${at}`;
  place.append(make("p", { className: "field-problem", id }, text));
  const input = place.querySelector("input:not([hidden]), select, textarea");
  input?.setAttribute("aria-invalid", "true");
  input?.setAttribute("aria-errormessage", id);
  const go = make("a", { href: `#${id}` }, text);
  go.addEventListener("click", (event) => {
    event.preventDefault();
    place.scrollIntoView({ block: "center" });
    input?.focus({ preventScroll: true });
  });
  return make("li", {}, go);
}
