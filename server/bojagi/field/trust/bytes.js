/**
 * Bytes, their digests and their names; what more than one module of trust needs of them.
 *
 * What always holds: `bytesFromHex` accepts what Python's `bytes.fromhex` accepts, no more and no
 * less, because signatures and keys come as such text.
 */

import { damaged } from "./verdicts.js";

const HEX = /^[ \t\n\v\f\r]*(?:[0-9a-fA-F]{2}[ \t\n\v\f\r]*)*$/;

/** The kinds of digest this verifier knows; one of another kind verifies nothing. */
const DIGESTS = new Map([["sha256", "SHA-256"], ["sha384", "SHA-384"], ["sha512", "SHA-512"]]);

/**
 * Return the bytes that base-16 text stands for, or null when it is no such text.
 * @param {unknown} text
 */
export function bytesFromHex(text) {
  if (typeof text !== "string" || !HEX.test(text)) return null;
  return Uint8Array.from(text.match(/[0-9a-fA-F]{2}/g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} bytes */
export function hexFromBytes(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Return the SHA-256 of bytes, or of a text's UTF-8, in base 16.
 * @param {Uint8Array | string} content
 */
export async function sha256(content) {
  return digest("sha256", typeof content === "string" ? new TextEncoder().encode(content) : content);
}

/**
 * @param {string} kind as TUF names it
 * @param {Uint8Array} bytes
 * @throws {TrustError} `DAMAGED` for a kind that isn't known
 */
export async function digest(kind, bytes) {
  const name = DIGESTS.get(kind);
  if (!name) throw damaged(`a digest of the kind ${kind}`);
  return hexFromBytes(new Uint8Array(await crypto.subtle.digest(name, asBuffer(bytes))));
}

/**
 * Tell the browser's types that these bytes aren't shared between threads; ours never are.
 * @param {Uint8Array} bytes
 */
export const asBuffer = (bytes) => /** @type {Uint8Array<ArrayBuffer>} */ (bytes);

/**
 * Quote a role's name for an address, as Python's `quote(name, "")` does.
 * @param {string} name
 */
export function quote(name) {
  return encodeURIComponent(name).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
