// The kiosk's service worker. The server puts in the version (a digest of all the page's files) and their list.

const CACHE = "tasuki-kiosk-$version";
const KEPT = $kept;

self.addEventListener("install", (event) => {
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  const page = event.request.mode === "navigate" && url.pathname === "/kiosk/";
  if (page || KEPT.includes(url.pathname + url.search)) event.respondWith(answer(event.request, page));
});

async function keep() {
  const cache = await caches.open(CACHE);
  // Past the browser's own cache: an old page must not be kept under a new version. All or nothing.
  await cache.addAll(KEPT.filter((address) => address !== "$decoder").map(fresh));
  // Without the decoder's package the server decodes; the page must be kept all the same.
  await cache.add(fresh("$decoder")).catch(() => null);
  await self.skipWaiting();
}

// A connection that hangs must not hold up the next try.
const fresh = (address) => new Request(address, { cache: "reload", signal: AbortSignal.timeout(30_000) });

async function takeOver() {
  for (const name of await caches.keys()) {
    if (name.startsWith("tasuki-kiosk-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function answer(request, page) {
  const cache = await caches.open(CACHE);
  return (await cache.match(page ? "/kiosk/" : request)) ?? fetch(request);
}
