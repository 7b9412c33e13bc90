// The outbox: every scan stays here until the server's answer names its id, and only then goes (INTERFACES:
// "an id in the answer has been stored"). What the server said is kept beside it, in the same transaction.

import { asked, inside } from "../common/store.js";
import { shapeOf } from "./words.js";

const KEEP_RESULTS = 300;

/** Keep a scan; resolves when it is on the disk. */
export const add = (scan) => inside(["outbox"], "readwrite", ({ outbox }) => asked(outbox.add(scan)));

/** All that waits, the oldest first. */
export async function waiting() {
  const scans = await inside(["outbox"], "readonly", ({ outbox }) => asked(outbox.getAll()));
  return scans.sort((one, other) => (one.at < other.at ? -1 : 1));
}

/** How many wait, and how many of those the server would not take as they are. */
export async function counts() {
  const scans = await waiting();
  return { waiting: scans.length, rejected: scans.filter((scan) => scan.rejected).length };
}

/** Note what was shown for a scan before the server answered, so that a difference is seen even after a reload. */
export const noteShown = (commandId, shape) => change(commandId, (scan) => ({ ...scan, shown: shape }));

/** Note that the server answered to this scan alone that it cannot read it. It stays, and is tried again later. */
export const noteRejected = (commandId, status) =>
  change(commandId, (scan) => ({ ...scan, rejected: { status, at: Date.now() } }));

const change = (commandId, how) =>
  inside(["outbox"], "readwrite", async ({ outbox }) => {
    const scan = await asked(outbox.get(commandId));
    if (scan) await asked(outbox.put(how(scan)));
  });

/**
 * Take the acknowledged scans out and keep what was said of them. Answers the kept results.
 *
 * A result `differs` when the person walked on with another verdict, or with none: then staff must hear of it.
 */
export const settle = (results) =>
  inside(["outbox", "results"], "readwrite", async (stores) => {
    const kept = [];
    for (const result of results) {
      const scan = await asked(stores.outbox.get(result.command_id));
      if (!scan) continue;
      const shape = shapeOf(result);
      const record = {
        command_id: scan.command_id,
        act: scan.act,
        at: scan.at,
        number: result.number ?? scan.number ?? null,
        verdict: result.verdict,
        flags: result.flags ?? [],
        message: result.message ?? "",
        refusal: result.refusal ?? null,
        shape,
        shown: scan.shown ?? null,
        differs: shape !== (scan.shown ?? "ok"),
        finished: Date.now(),
      };
      await asked(stores.results.put(record));
      await asked(stores.outbox.delete(scan.command_id));
      kept.push(record);
    }
    return kept;
  });

/** The server's word on one scan, or null. */
export const result = (commandId) =>
  inside(["results"], "readonly", async ({ results }) => (await asked(results.get(commandId))) ?? null);

/** Results that staff must hear of, the oldest first. Others beyond the last few hundred are forgotten. */
export const differing = () =>
  inside(["results"], "readwrite", async ({ results }) => {
    const all = (await asked(results.getAll())).sort((one, other) => one.finished - other.finished);
    const settled = all.filter((each) => !each.differs);
    for (const old of settled.slice(0, -KEEP_RESULTS)) await asked(results.delete(old.command_id));
    return all.filter((each) => each.differs);
  });

/** The final verdict was on the screen in time after all, or staff has taken it over. */
export const heard = (commandId) =>
  inside(["results"], "readwrite", async ({ results }) => {
    const record = await asked(results.get(commandId));
    if (record) await asked(results.put({ ...record, differs: false }));
  });
