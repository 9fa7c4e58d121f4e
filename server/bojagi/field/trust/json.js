/**
 * JSON as Python's `json` reads it, for bytes that somebody may have bent.
 *
 * The browser's own parser can't be used: it makes 1.0 and 1 the same, rounds long integers, and
 * puts keys of digits first. What always holds here:
 *
 * - An object is a `Map` in the order of the file, so no name ("__proto__") means anything; of a key
 *   that stands twice the last value counts.
 * - An integer is exact, or the bytes are refused; every other number is a `Fraction`, which nothing
 *   that is signed may hold.
 * - Nesting is bounded, so that no file can exhaust the stack.
 */

import { damaged } from "./verdicts.js";

/** How deep objects and lists may nest; metadata nests less than ten. */
const MOST_DEEP = 100;

const NUMBER = /NaN|-?Infinity|-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const WORD = /true|false|null/y;
const WORDS = new Map([["true", true], ["false", false], ["null", null]]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A number that isn't an integer. */
export class Fraction {}

/**
 * @typedef {null | boolean | number | string | Fraction | Json[] | Map<string, Json>} Json
 */

/**
 * Read UTF-8 JSON.
 * @param {Uint8Array} bytes
 * @returns {any} a `Json`; the caller looks at what it is
 * @throws {TrustError} `DAMAGED` for anything else
 */
export function parseJson(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw damaged("not UTF-8");
  }
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  /**
   * @param {number} depth how many objects and lists stand around this value
   * @returns {Json}
   */
  value(depth) {
    if (depth > MOST_DEEP) throw damaged("nested too deep");
    this.space();
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth + 1);
      case "[":
        return this.list(depth + 1);
      case '"':
        return this.string();
    }
    const word = this.match(WORD);
    return word ? /** @type {Json} */ (WORDS.get(word[0])) : this.number();
  }

  /** @param {number} depth */
  object(depth) {
    /** @type {Map<string, Json>} */
    const found = new Map();
    this.items("}", () => {
      if (this.text[this.at] !== '"') throw this.error();
      const key = this.string();
      this.space();
      this.take(":");
      found.set(key, this.value(depth));
    });
    return found;
  }

  /** @param {number} depth */
  list(depth) {
    /** @type {Json[]} */
    const found = [];
    this.items("]", () => found.push(this.value(depth)));
    return found;
  }

  /**
   * @param {string} end the sign that closes what is open
   * @param {() => void} item reads one item
   */
  items(end, item) {
    this.at += 1;
    this.space();
    if (this.text[this.at] !== end) {
      for (;;) {
        this.space();
        item();
        this.space();
        if (this.text[this.at] !== ",") break;
        this.at += 1;
      }
    }
    this.take(end);
  }

  string() {
    const start = this.at;
    let plain = true;
    let unit = 0;
    for (this.at += 1; (unit = this.text.charCodeAt(this.at)) !== QUOTE; this.at += 1) {
      if (unit === BACKSLASH) {
        plain = false;
        this.at += 1;
      } else if (!(unit >= 0x20)) throw this.error(); // a control character, or the end of the text
    }
    this.at += 1;
    if (plain) return this.text.slice(start + 1, this.at - 1);
    try {
      return String(JSON.parse(this.text.slice(start, this.at))); // escapes are the browser's to read
    } catch {
      throw this.error();
    }
  }

  number() {
    const found = this.match(NUMBER);
    if (!found) throw this.error();
    if (found[1] || found[2] || /[NI]/.test(found[0])) return new Fraction();
    const integer = Number(found[0]);
    if (!Number.isSafeInteger(integer)) throw damaged("an integer beyond 2^53");
    return integer;
  }

  /** @param {RegExp} pattern */
  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  space() {
    while (" \t\n\r".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  /** @param {string} sign */
  take(sign) {
    if (this.text[this.at] !== sign) throw this.error();
    this.at += 1;
  }

  end() {
    this.space();
    if (this.at !== this.text.length) throw this.error();
  }

  error() {
    return damaged(`not JSON at character ${this.at}`);
  }
}
