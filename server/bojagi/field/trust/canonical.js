/**
 * The bytes that are signed: OLPC canonical JSON, as securesystemslib's `encode_canonical` writes it.
 *
 * What always holds: keys stand in the order of their code points, which is not JavaScript's own;
 * only \ and " are escaped; there is no white space; a fraction, or half a character, has no
 * canonical form, so that nobody can have signed it.
 *
 * Example: {"b": [1, true], "a": "\n"} gives {"a":"<line feed>","b":[1,true]}.
 */

import { damaged } from "./verdicts.js";

const HALF_A_CHARACTER = /[\ud800-\udfff]/u;

/**
 * Encode what `parseJson` read.
 * @param {import("./json.js").Json} value
 * @throws {TrustError} `DAMAGED` when it has no canonical form
 */
export function encodeCanonical(value) {
  /** @type {string[]} */
  const parts = [];
  write(value, parts);
  return new TextEncoder().encode(parts.join(""));
}

/**
 * @param {import("./json.js").Json} value
 * @param {string[]} parts
 */
function write(value, parts) {
  if (typeof value === "string") parts.push(quoted(value));
  else if (typeof value === "number" && Number.isSafeInteger(value)) parts.push(String(value));
  else if (value === null || typeof value === "boolean") parts.push(String(value));
  else if (Array.isArray(value)) {
    parts.push("[");
    value.forEach((item, place) => {
      if (place) parts.push(",");
      write(item, parts);
    });
    parts.push("]");
  } else if (value instanceof Map) {
    parts.push("{");
    [...value.keys()].sort(byCodePoints).forEach((key, place) => {
      parts.push(place ? "," : "", quoted(key), ":");
      write(/** @type {import("./json.js").Json} */ (value.get(key)), parts);
    });
    parts.push("}");
  } else throw damaged("a number that has no canonical form");
}

/** @param {string} text */
function quoted(text) {
  if (HALF_A_CHARACTER.test(text)) throw damaged("half a character");
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/**
 * Compare two texts as Python does, by code points; JavaScript's own order is by UTF-16 units, which
 * puts U+1F600 before U+FFFD.
 * @param {string} one
 * @param {string} other
 */
export function byCodePoints(one, other) {
  const most = Math.min(one.length, other.length);
  for (let at = 0; at < most; at += 1) {
    const difference = rank(one.charCodeAt(at)) - rank(other.charCodeAt(at));
    if (difference) return difference;
  }
  return one.length - other.length;
}

/** @param {number} unit half of a pair stands for a code point above all single units */
const rank = (unit) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
