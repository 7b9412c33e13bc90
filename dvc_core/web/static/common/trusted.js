// The only addresses that may become scripts beside the page's own modules. The page's policy
// (require-trusted-types-for) makes the browser refuse any other, and any text that would become HTML.

const allowed = (address) => {
  const url = new URL(address, location.href);
  const ours = url.origin === location.origin && /^\/kiosk\/(sw\.js|files\/[0-9a-f]+\/kiosk\/[\w-]+\.js)$/.test(url.pathname);
  if (!ours) throw new TypeError(`not a script of ours: ${url.pathname}`);
  return url.href;
};

const policy = globalThis.trustedTypes?.createPolicy("tasuki", { createScriptURL: allowed });

export const scriptUrl = (address) => policy?.createScriptURL(address) ?? allowed(address);
