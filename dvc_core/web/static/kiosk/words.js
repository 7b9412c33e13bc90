// From a verdict to what a person sees: one of three shapes, one sentence, and what to do next.

import { has, say } from "../common/text.js";

export const ACTS = ["arrive", "leave", "depart", "return"];

/** ok ○, doubt △ (recorded, staff should look), stop × (go to the desk). */
export function shapeOf({ verdict, flags = [], refusal = null }) {
  // A repeat is what an earlier answer, now lost, has said already.
  if (refusal) return "stop";
  if (verdict === "ok" || verdict === "repeat") return flags.length ? "doubt" : "ok";
  return verdict === "flagged" ? "doubt" : "stop";
}

/** The view of the server's answer. What it says beyond "recorded" is said in its own words. */
export function finalView({ shape, act, number, message, command_id, flags = [], refusal = null }) {
  const key = `kiosk_page.verdict.${shape}.${act}`;
  const facts = { command_id, act, number, sentence: shape === "ok" ? "" : message, also: saidOf(flags, refusal) };
  return view(shape, has(key) ? key : `kiosk_page.verdict.${shape}`, facts);
}

/** The key of what the server's sentence says, for the other two languages; null for what has no words of its own. */
function saidOf([first], refusal) {
  const keys = refusal ? [`refusal.${refusal.code}`] : [`scan.flag.${first}`, `scan.review.${first}`];
  return keys.find((key) => has(key, "en") && has(key, "easy")) ?? null;
}

/** The view before the server has answered: what this device could tell by itself. */
export function provisionalView({ judged, ...known }) {
  const facts = { ...known, provisional: true };
  if (judged === "ours" || judged === "unchecked") {
    return view("ok", facts.number === null ? "kiosk_page.kept.code" : "kiosk_page.kept.number", facts);
  }
  return judged === "revoked" ? view("stop", "kiosk_page.kept.revoked", facts) : view("stop", `token.${judged}`, facts);
}

/** The view of something that is no scan and is not kept. */
export const localView = (key, facts = {}) => view(facts.shape ?? "stop", key, facts);

function view(shape, key, facts) {
  const words = { number: facts.number ?? "", key_id: facts.key_id ?? "" };
  return {
    number: null,
    provisional: false,
    ...facts,
    shape,
    sentence: facts.sentence || say(key, words),
    next: nextOf(key, words),
    easy: say(facts.also ?? key, words, "easy"),
    en: say(facts.also ?? key, words, "en"),
    keepsCode: facts.act === "arrive" && shape === "ok",
  };
}

// The catalogue of the codes writes it as a table (token.forged.next), this page's own beside it (…revoked_next).
function nextOf(key, words) {
  const found = [`${key}.next`, `${key}_next`].find((each) => has(each));
  return found ? say(found, words) : "";
}
