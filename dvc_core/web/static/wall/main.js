// The wall: numbers that the server sends whenever something was committed. The screen says how old they are.

import { by, put, show } from "../common/dom.js";
import { fillWords, say } from "../common/text.js";

const COUNTS = ["arrived", "here", "out", "overdue", "unreported", "open_needs", "ready", "done", "crisis", "waiting"];

fillWords(document);
stand("asking", say("wall_page.asking"));

let last = "";

function stand(state, words) {
  document.body.dataset.state = state;
  put(by("said"), words);
}

const clock = (at) => new Date(at).toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

// The first ten days are counted in hours, as the field does (72 時間); later nobody counts them so.
const since = (hours) =>
  hours < 240 ? say("wall_page.since", { hours }) : say("wall_page.since_days", { days: Math.floor(hours / 24) });

function draw(wall) {
  last = clock(wall.at);
  const peace = wall.phase === null;
  show(by("numbers"), !peace);
  show(by("peace"), peace);
  put(by("peace"), say("wall_page.peace"));
  put(by("phase"), peace ? "" : say(`phase.${wall.phase}`));
  put(by("since"), peace ? "" : since(wall.hours));
  for (const name of COUNTS) put(by(name), String(wall[name]));
  put(by("places"), wall.places_left === null ? say("wall_page.no_limit") : String(wall.places_left));
  by("places").classList.toggle("words", wall.places_left === null);
  put(by("teams_out"), say("wall_page.teams_out", { teams: wall.teams_out }));
  for (const box of document.querySelectorAll("[data-warn]")) box.classList.toggle("warn", wall[box.dataset.warn] > 0);
  for (const box of document.querySelectorAll("[data-note]")) box.classList.toggle("note", wall[box.dataset.note] > 0);
  stand("live", say("wall_page.live", { time: last }));
}

const stream = new EventSource("/api/wall");
stream.onmessage = (event) => draw(JSON.parse(event.data));
stream.addEventListener("end", () => {
  stream.close();
  stand("ended", say("wall_page.ended"));
});
stream.onerror = () => {
  // A closed stream was refused: nobody is logged in. An open one is tried again by the browser itself.
  if (stream.readyState === EventSource.CLOSED) stand("ended", say("wall_page.ended"));
  else if (last) stand("lost", say("wall_page.lost", { time: last }));
};
