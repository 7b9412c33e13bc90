// Birth dates as people say them (昭和33年…) and full years.

const FIRST = { ce: ["0001-01-01", 0], reiwa: ["2019-05-01", 2018], heisei: ["1989-01-08", 1988], showa: ["1926-12-25", 1925], taisho: ["1912-07-30", 1911] };
const LAST = { reiwa: "9999-12-31", heisei: "2019-04-30", showa: "1989-01-07", taisho: "1926-12-24", ce: "9999-12-31" };
const OLDEST = 120;

/** The eras in the order of the list; `ce` is the western calendar. */
export const ERAS = ["ce", "showa", "heisei", "reiwa", "taisho"];
export const ADULT = 18;

/** ISO date of year, month and day of an era, or null when there is no such day in it. */
export function birthDate(era, year, month, day) {
  const number = FIRST[era][1] + year;
  const date = new Date(Date.UTC(number, month - 1, day));
  if (date.getUTCFullYear() !== number || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const text = date.toISOString().slice(0, 10);
  return text >= FIRST[era][0] && text <= LAST[era] ? text : null;
}

/** Full years of life on a day, both ISO dates. */
export function ageOn(birth, today) {
  const had = today.slice(5) >= birth.slice(5);
  return Number(today.slice(0, 4)) - Number(birth.slice(0, 4)) - (had ? 0 : 1);
}

export const possibleAge = (age) => Number.isInteger(age) && age >= 0 && age <= OLDEST;
