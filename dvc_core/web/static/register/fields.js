// The form's content as the server takes it, and what is checked before it is sent. The server checks again.

import { ageOn, ADULT, birthDate, possibleAge } from "./birth.js";

const LONGEST_NAME = 100;
const LONGEST_TEXT = 500;
// Control characters, marks that turn the direction of writing, invisible ones: nobody means to type them.
// The joiners are left: emoji and some scripts need them, and the server has the last word.
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]/;
const KANA = /^[\p{Script=Hiragana}\p{Script=Katakana}ー・\s]+$/u;
const LATIN = /^[\p{Script=Latin}\p{Mark}\s.'’-]+$/u;
const LINE = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();

/** What stands in the form: plain values, without an id. `today` is an ISO date. */
export function content(form, today) {
  const data = new FormData(form);
  const text = (name) => String(data.get(name) ?? "").trim();
  const age = readAge(text, today);
  const minor = age.age !== null && age.age < ADULT;
  const vehicle = text("vehicle");
  return {
    name: text("name"),
    kana: text("kana"),
    phone: LINE(text("phone")),
    age: age.birth_date ? null : age.age,
    birth_date: age.birth_date,
    guardian_name: minor ? text("guardian_name") : "",
    guardian_phone: minor ? LINE(text("guardian_phone")) : "",
    guardian_consents: minor && data.has("guardian_consents"),
    emergency_name: text("emergency_name"),
    emergency_phone: LINE(text("emergency_phone")),
    insurance: text("insurance"),
    health_ok: data.has("health_ok"),
    health: text("health"),
    skills: data.getAll("skills").map(String).sort(),
    licence: text("licence"),
    vehicle,
    driver: vehicle !== "none" && data.has("driver"),
    truck: vehicle === "truck",
    seats: vehicle !== "none" && data.has("driver") ? Number(text("seats")) : 0,
  };
}

/** The age that the form says now, or null. */
export function ageIn(form, today) {
  const data = new FormData(form);
  return readAge((name) => String(data.get(name) ?? "").trim(), today).age;
}

function readAge(text, today) {
  const whole = (name) => (/^[0-9]+$/.test(LINE(text(name))) ? Number(LINE(text(name))) : NaN);
  if (text("age_by") === "age") {
    const age = whole("age");
    return { age: possibleAge(age) ? age : null, birth_date: null };
  }
  const parts = ["birth_year", "birth_month", "birth_day"].map(whole);
  const birth = parts.every(Number.isInteger) ? birthDate(text("era"), ...parts) : null;
  const age = birth && birth <= today ? ageOn(birth, today) : NaN;
  return possibleAge(age) ? { age, birth_date: birth } : { age: null, birth_date: null };
}

/** What is missing or cannot be: a list of {field, key}, in the order of the form. */
export function problemsOf(entry, { age, language }) {
  const found = [];
  const need = (field, fine, key = `register_page.problem.${field}`) => fine || found.push({ field, key });
  const minor = age !== null && age < ADULT;
  const kana = LINE(entry.kana);
  need("name", entry.name !== "");
  need("kana", KANA.test(kana) || (language === "en" && LATIN.test(kana)));
  need("phone", isPhone(entry.phone));
  need("age", age !== null);
  if (minor) {
    need("guardian_name", entry.guardian_name !== "");
    need("guardian_phone", isPhone(entry.guardian_phone));
    need("guardian_consents", entry.guardian_consents);
  }
  need("emergency_name", entry.emergency_name !== "");
  need("emergency_phone", isPhone(entry.emergency_phone));
  need("insurance", entry.insurance !== "");
  need("health", entry.health_ok || entry.health !== "");
  for (const [field, value] of Object.entries(entry)) {
    if (typeof value !== "string" || found.some((each) => each.field === field)) continue;
    need(field, !FORBIDDEN.test(value), "register_page.problem.characters");
    need(field, value.length <= (field === "health" ? LONGEST_TEXT : LONGEST_NAME), "register_page.problem.long");
  }
  return found;
}

// Japanese numbers have ten or eleven digits; with a + any country's.
function isPhone(text) {
  const digits = text.replace(/[\s()‐‑–—ー−-]/g, "");
  return /^0[0-9]{9,10}$/.test(digits) || /^\+[0-9]{7,15}$/.test(digits);
}
