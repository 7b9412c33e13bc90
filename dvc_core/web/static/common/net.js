// Asking the server. Either it answered (then its status and its JSON), or it could not be reached.

/** No usable answer: no network, too slow, the program is stopping or failing. Try again later. */
export class Unreachable extends Error {}

/**
 * One request to our own server.
 *
 * `json` or `body` makes it a POST. The session's cookie is left out: a device acts by its own credential.
 * Answers {status, data}; data is null when the answer holds no JSON.
 */
export async function call(path, { json, body, type = "application/json", credential, seconds = 8 } = {}) {
  const content = json === undefined ? body : JSON.stringify(json);
  const headers = { Accept: "application/json" };
  if (content !== undefined) headers["Content-Type"] = type;
  if (credential) headers.Authorization = `Bearer ${credential}`;
  const stop = new AbortController();
  const alarm = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const answer = await fetch(path, {
      method: content === undefined ? "GET" : "POST",
      body: content,
      headers,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: stop.signal,
    });
    if (answer.status >= 500 || answer.status === 408 || answer.status === 429) {
      throw new Unreachable(`status ${answer.status}`);
    }
    const text = await answer.text();
    return { status: answer.status, data: parsed(text, answer.ok) };
  } catch (error) {
    throw error instanceof Unreachable ? error : new Unreachable(String(error));
  } finally {
    clearTimeout(alarm);
  }
}

function parsed(text, ok) {
  try {
    return JSON.parse(text);
  } catch {
    // A 200 that is no JSON comes from something else that answers under this address.
    if (ok) throw new Unreachable("an answer that is not ours");
    return null;
  }
}
