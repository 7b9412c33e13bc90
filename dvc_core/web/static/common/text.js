// The words of the catalogue. Elements name theirs: data-word="kiosk_page.ready"; data-easy and data-en add the
// same in やさしい日本語 and English beside it.

import words from "../words.js";

/** The words for a key with `{facts}` put in. A missing one shows its key, as on the server. */
export function say(key, facts = {}, language = "ja") {
  const found = words[language]?.[key] ?? words.ja[key] ?? key;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

export const has = (key, language = "ja") => key in words[language];

/** Fill every element below `root` that names its words. */
export function fillWords(root, language = "ja") {
  for (const element of root.querySelectorAll("[data-word]")) {
    element.textContent = say(element.dataset.word, {}, language);
  }
  for (const element of root.querySelectorAll("[data-easy]")) {
    element.textContent = say(element.dataset.easy, {}, "easy");
  }
  for (const element of root.querySelectorAll("[data-en]")) {
    element.textContent = say(element.dataset.en, {}, "en");
  }
  for (const element of root.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label, {}, language));
  }
}

/** 受付番号 as it is called out: three digits at least. */
export const number = (value) => String(value).padStart(3, "0");
