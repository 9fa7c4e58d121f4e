/**
 * Opening what a sealed shelf publishes (`trust/sealing.py` seals it).
 *
 *     sealed       1 | key id (8) | salt (32) | AES-256-GCM of the packed content
 *     by words     2 | salt (16)  | sealed, under a key made from a passphrase
 *     packed       length (4) | raw DEFLATE (RFC 1951) of the content | zeros
 *
 * The 41 bytes before the ciphertext are bound into it.
 *
 * What always holds: content is given out only whole, unchanged and within its limit; nothing is
 * unpacked before it is known to be what the key's holder sealed.
 */

import { asBuffer } from "./bytes.js";
import { damaged } from "./verdicts.js";

const BLOCK_BYTES = 4096;
/** Of PBKDF2-HMAC-SHA256 (OWASP, 2023). */
const PASSPHRASE_ROUNDS = 600_000;
const SALT_BYTES = 16;
const [BY_KEY, BY_WORDS] = [1, 2];
const KEY_ID_END = 1 + 8;
const HEAD_END = KEY_ID_END + 32;
const [KEY_BITS, KEY_ID_BITS] = [256, 64];

/** Sealed under another key than the one at hand. */
export class AnotherKeyError extends Error {
  constructor() {
    super("sealed under another key: ask for the shelf's key that is in use now");
    this.name = "AnotherKeyError";
  }
}

/**
 * Open bytes that are sealed under a shelf's key.
 * @param {Uint8Array} bytes
 * @param {Uint8Array} secret the shelf key's secret, or what a passphrase gave
 * @param {number} limit the most the content may weigh, in bytes
 * @returns {Promise<Uint8Array>}
 * @throws {AnotherKeyError} when another key sealed them
 * @throws {TrustError} `DAMAGED` when they aren't sealed, were changed, or hold more than the limit
 */
export async function openSealed(bytes, secret, limit) {
  if (!isSealed(bytes) || bytes[0] !== BY_KEY) throw damaged("not sealed bytes, or not whole");
  const head = bytes.subarray(0, HEAD_END);
  const keyId = await derive(secret, new Uint8Array(0), "id", KEY_ID_BITS);
  if (keyId.some((byte, at) => byte !== head[1 + at])) throw new AnotherKeyError();
  const key = await derive(secret, head.subarray(KEY_ID_END), "key", KEY_BITS);
  return unpack(await decrypt(key, head, bytes.subarray(HEAD_END)), limit);
}

/**
 * Open bytes that are sealed under a passphrase; throws as `openSealed` does.
 * @param {Uint8Array} bytes
 * @param {string} passphrase
 * @param {number} limit
 */
export async function openWithPassphrase(bytes, passphrase, limit) {
  if (!needsPassphrase(bytes)) throw damaged("not sealed under a passphrase, or not whole");
  const body = 1 + SALT_BYTES;
  const secret = await secretOf(passphrase, bytes.subarray(1, body));
  return openSealed(bytes.subarray(body), secret, limit);
}

/**
 * Whether bytes have the shape of sealed ones, by key or by passphrase.
 * @param {Uint8Array} bytes
 */
export function isSealed(bytes) {
  const body = bytes[0] === BY_WORDS ? bytes.subarray(1 + SALT_BYTES) : bytes;
  return body[0] === BY_KEY && body.length >= BLOCK_BYTES && body.length % BLOCK_BYTES === 0;
}

/**
 * Whether bytes are sealed under a passphrase.
 * @param {Uint8Array} bytes
 */
export const needsPassphrase = (bytes) => bytes[0] === BY_WORDS && isSealed(bytes);

/**
 * @param {Uint8Array} secret
 * @param {Uint8Array} salt
 * @param {string} purpose
 * @param {number} bits
 */
async function derive(secret, salt, purpose, bits) {
  const info = new TextEncoder().encode(`bojagi-seal/1 ${purpose}`);
  const material = await crypto.subtle.importKey("raw", asBuffer(secret), "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: asBuffer(salt), info };
  return new Uint8Array(await crypto.subtle.deriveBits(how, material, bits));
}

/**
 * Make a secret from a passphrase; Hangul may come decomposed from one keyboard or another.
 * @param {string} passphrase
 * @param {Uint8Array} salt
 */
async function secretOf(passphrase, salt) {
  const words = new TextEncoder().encode(passphrase.normalize("NFC"));
  const material = await crypto.subtle.importKey("raw", words, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt: asBuffer(salt), iterations: PASSPHRASE_ROUNDS };
  return new Uint8Array(await crypto.subtle.deriveBits(how, material, KEY_BITS));
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} head what is bound in
 * @param {Uint8Array} body
 */
async function decrypt(key, head, body) {
  const usable = await crypto.subtle.importKey("raw", asBuffer(key), "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: new Uint8Array(12), additionalData: asBuffer(head) };
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, usable, asBuffer(body)));
  } catch {
    throw damaged("these aren't the bytes that were sealed");
  }
}

/**
 * @param {Uint8Array} packed
 * @param {number} limit
 */
async function unpack(packed, limit) {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0);
  const stream = new Blob([asBuffer(packed.subarray(4, 4 + length))])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw damaged("sealed, but not packed as it must be");
    });
    if (done) break;
    size += value.length;
    if (size > limit) {
      reader.cancel().catch(() => {}); // nobody waits for the rest of a bomb
      throw damaged(`it holds more than the ${limit} bytes it may`);
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
