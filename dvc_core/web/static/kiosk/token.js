// What a scanned text is, told without the server: the volunteer's code (TSK1.KEY.TOKEN.SIGNATURE, see
// dvc_core/tokens/qr.py), an enrolment, a number, or something else. Used for the provisional verdict only.

const SHAPE = /^TSK1\.([A-Z0-9-]{4,31})\.([A-Z2-7]{26})\.([A-Z2-7]{103})$/;
const ANY_VERSION = /^TSK[0-9]{1,3}\./;
const KEY_ID = /^(drill-)?(?!drill-)([a-z0-9]{1,16})-[0-9a-z]{2,8}$/;
const LONGEST = 512;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A scanned or typed text in the one spelling that the server reads too. */
export const normal = (text) => text.slice(0, LONGEST + 1).normalize("NFKC").trim().toUpperCase();

/** `kind`: code, number, enrol, or one of the catalogue's not_ours, unreadable(.cut_off, .other_version). */
export function parse(text) {
  const enrol = /#enrol=([\w.~-]{1,200})$/.exec(text.trim());
  if (enrol) return { kind: "enrol", code: enrol[1] };
  const payload = normal(text);
  if (/^[0-9]{1,4}$/.test(payload)) return { kind: "number", number: Number(payload) };
  if (payload === "") return { kind: "unreadable" };
  if (payload.length > LONGEST || !ANY_VERSION.test(payload)) return { kind: "not_ours" };
  const found = SHAPE.exec(payload);
  const keyId = found?.[1].toLowerCase() ?? "";
  const token = found && bytes(found[2], 16);
  if (!token || !KEY_ID.test(keyId)) {
    return { kind: payload.startsWith("TSK1.") ? "unreadable.cut_off" : "unreadable.other_version" };
  }
  const signed = payload.slice(0, payload.lastIndexOf("."));
  return { kind: "code", payload, keyId, token, tokenText: found[2], signature: bytes(found[3], 64), signed };
}

/**
 * What this device can say of a code: ours, revoked, forged, foreign.(reason), or unchecked when the browser
 * cannot verify. `known` is the server's state: keys, revoked, council.
 */
export async function judge(code, { keys = [], revoked = [], council = "" } = {}) {
  const key = keys.find((each) => each.key_id === code.keyId);
  if (!key) return keys.length ? foreign(code.keyId, keys, council) : "unchecked";
  const genuine = await verified(key.public_key_raw_b64url, code);
  if (genuine === null) return "unchecked";
  if (!genuine) return "forged";
  return (await isRevoked(code, revoked)) ? "revoked" : "ours";
}

async function verified(rawKey, { signature, signed }) {
  if (!signature) return false;
  if (!globalThis.crypto?.subtle) return null;
  try {
    const key = await crypto.subtle.importKey("raw", base64url(rawKey), { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, key, signature, new TextEncoder().encode(signed));
  } catch {
    return null;
  }
}

// An entry of the revocation list is the beginning (16 hex digits or more) of SHA-256 over the token's 16 bytes.
async function isRevoked({ token }, revoked) {
  if (revoked.length === 0) return false;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", token));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return revoked.some((entry) => entry.length >= 16 && hex.startsWith(entry.toLowerCase()));
}

function foreign(keyId, keys, council) {
  const [, drill, whose] = KEY_ID.exec(keyId);
  const ours = KEY_ID.exec(keys[0].key_id);
  if (whose !== (council || ours?.[2])) return "foreign.other_council";
  if (Boolean(drill) !== Boolean(ours?.[1])) return drill ? "foreign.drill_card" : "foreign.real_card";
  return "foreign.other_key";
}

/** Bytes of base32 text from its one spelling (spare bits zero), or null. */
function bytes(text, size) {
  const found = new Uint8Array(size);
  let value = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    value = ((value << 5) | DIGITS.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      found[at++] = (value >> bits) & 0xff;
    }
  }
  return at === size && (value & ((1 << bits) - 1)) === 0 ? found : null;
}

function base64url(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}
