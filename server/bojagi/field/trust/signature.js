/**
 * Whether a signature is a key's: the browser's own Ed25519, else tweetnacl's.
 *
 * What always holds:
 *
 * - Rubbish is no signature; nothing here throws on it, and another kind of key verifies nothing.
 * - The browser's Ed25519 is used only after it has verified a signature of RFC 8032 and refused a
 *   changed one. Otherwise tweetnacl is loaded, and only then.
 * - Both refuse a second form of a signature (RFC 8032, 5.1.7: S below the order of the group), which
 *   tweetnacl alone would take.
 */

import { asBuffer, bytesFromHex } from "./bytes.js";

/**
 * @callback Verify
 * @param {import("./keys.js").Key} key
 * @param {unknown} signature base-16 text, or rubbish
 * @param {Uint8Array} signed
 * @returns {Promise<boolean>}
 */

/**
 * @callback Check
 * @param {Uint8Array} publicKey 32 bytes
 * @param {Uint8Array} signature 64 bytes
 * @param {Uint8Array} signed
 * @returns {Promise<boolean>}
 */

/** The order of the group, in the little-endian form that S has (RFC 8032, 5.1). */
const ORDER = /** @type {Uint8Array} */ (
  bytesFromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
);

/** RFC 8032, 7.1, test 1: the signature of nothing. */
const KNOWN_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const KNOWN_SIGNATURE =
  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
  "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

/** @type {Promise<Check> | undefined} */
let chosen;

/**
 * Verify one signature by one key.
 * @type {Verify}
 */
export async function verifySignature(key, signature, signed) {
  if (key.kind !== "ed25519/ed25519") return false;
  const publicKey = bytesFromHex(key.publicKey);
  const bytes = bytesFromHex(signature);
  if (publicKey?.length !== 32 || bytes?.length !== 64 || !isBelowOrder(bytes.subarray(32))) {
    return false;
  }
  chosen ??= choose();
  const check = await chosen;
  return check(publicKey, bytes, signed);
}

/** @returns {Promise<Check>} */
async function choose() {
  const key = /** @type {Uint8Array} */ (bytesFromHex(KNOWN_KEY));
  const signature = /** @type {Uint8Array} */ (bytesFromHex(KNOWN_SIGNATURE));
  const [nothing, something] = [new Uint8Array(0), new Uint8Array(1)];
  const isSound =
    (await checkNatively(key, signature, nothing)) &&
    !(await checkNatively(key, signature, something));
  if (isSound) return checkNatively;
  await import("../vendor/tweetnacl/nacl-fast.min.js");
  const { nacl } = /** @type {any} */ (globalThis);
  return async (publicKey, made, signed) => nacl.sign.detached.verify(signed, made, publicKey);
}

/** @type {Check} */
async function checkNatively(publicKey, signature, signed) {
  const name = "Ed25519";
  try {
    const key = await crypto.subtle.importKey("raw", asBuffer(publicKey), { name }, false, ["verify"]);
    return await crypto.subtle.verify({ name }, key, asBuffer(signature), asBuffer(signed));
  } catch {
    return false; // no Ed25519 here, or no point of the curve
  }
}

/** @param {Uint8Array} number little-endian, 32 bytes */
function isBelowOrder(number) {
  for (let at = 31; at >= 0; at -= 1) {
    if (number[at] !== ORDER[at]) return number[at] < ORDER[at];
  }
  return false;
}
