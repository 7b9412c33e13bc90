// What this device keeps in the browser (IndexedDB): scans that wait for the server's word, what the server said
// of the last ones, and the device's own enrolment. Both pages read it, so it has one place and one version.

const NAME = "tasuki";
const VERSION = 1;
const STORES = { outbox: "command_id", results: "command_id", device: "name" };

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, { keyPath });
      }
    };
    request.onsuccess = () => {
      const database = request.result;
      // Another tab brings a newer version: let it; the next use opens again.
      database.onversionchange = () => database.close();
      database.onclose = () => (opening = null);
      resolve(database);
    };
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

/**
 * One transaction over some stores. `work` gets the stores by name and must only wait for `asked(...)`.
 * Resolves with its answer after the transaction is complete on the disk.
 */
export async function inside(names, mode, work) {
  const transaction = await begin(names, mode);
  const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
  try {
    const answer = await work(stores);
    await done;
    return answer;
  } catch (error) {
    done.catch(() => null);
    try {
      transaction.abort();
    } catch {
      // It has ended already.
    }
    throw error;
  }
}

async function begin(names, mode) {
  const options = { durability: "strict" };
  try {
    return (await open()).transaction(names, mode, options);
  } catch {
    // The browser may close a database that was idle for long; once more with a new connection.
    opening = null;
    return (await open()).transaction(names, mode, options);
  }
}

/** A request of IndexedDB as a promise. */
export const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** A named fact of this device, or null. */
export const remembered = (name) =>
  inside(["device"], "readonly", async ({ device }) => (await asked(device.get(name)))?.value ?? null);

export const remember = (name, value) =>
  inside(["device"], "readwrite", ({ device }) => asked(device.put({ name, value })));
