// The service worker that keeps this page itself: with the server gone, a reload brings it back. A new version is
// taken over when nobody stands before the tablet; the outbox lies elsewhere and stays.

import { scriptUrl } from "../common/trusted.js";

const LOOK_EVERY = 10 * 60_000;
const LOOK_AGAIN = 5_000;

/** `isIdle` answers whether the page may reload now; asked again and again. Answers whether pages can be kept. */
export async function keepPage(isIdle) {
  if (!("serviceWorker" in navigator)) return false;
  const hadOne = navigator.serviceWorker.controller !== null;
  let reloads = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!hadOne || reloads) return;
    reloads = true;
    const whenIdle = setInterval(() => {
      if (!isIdle()) return;
      clearInterval(whenIdle);
      location.reload();
    }, 500);
  });
  try {
    const registration = await navigator.serviceWorker.register(scriptUrl("/kiosk/sw.js"), { updateViaCache: "none" });
    setInterval(() => lookForNew(registration), LOOK_EVERY);
    return true;
  } catch {
    return false;
  }
}

/** Ask whether the server has a new version of the page; again soon when not all of it came. */
export async function lookForNew(known) {
  const registration = known ?? (await navigator.serviceWorker?.getRegistration("/kiosk/"));
  await registration?.update().catch(() => null);
  const coming = registration?.installing;
  coming?.addEventListener("statechange", () => {
    // A worker that never got as far as "installed" becomes redundant.
    if (coming.state === "redundant") setTimeout(() => lookForNew(registration), LOOK_AGAIN);
  });
}
