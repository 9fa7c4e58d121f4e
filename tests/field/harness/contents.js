/** Files' contents in a table of JSON; twin of `tests/vectors/trust/contents.py`. */

import { sha256 } from "/field/trust/bytes.js";

/** @typedef {string | {base64: string} | {of: string, times: number}} Part */

export class Contents {
  /** @param {{name: string, parts: Part[]}[]} rows */
  constructor(rows) {
    this.parts = new Map(rows.map(({ name, parts }) => [name, parts]));
    /** @type {Map<string, Uint8Array>} */
    this.read = new Map();
  }

  /** @param {string} name */
  get(name) {
    const known = this.read.get(name) ?? bytesFromParts(this.parts.get(name) ?? []);
    this.read.set(name, known);
    return known;
  }

  /**
   * Return the name that content has in every table.
   * @param {Uint8Array} bytes
   */
  async nameOf(bytes) {
    return (await sha256(bytes)).slice(0, 10);
  }
}

/** @param {Part[]} parts */
export function bytesFromParts(parts) {
  const pieces = parts.map((part) => {
    if (typeof part === "string") return new TextEncoder().encode(part);
    if ("base64" in part) return Uint8Array.from(atob(part.base64), (sign) => sign.charCodeAt(0));
    return new TextEncoder().encode(part.of.repeat(part.times));
  });
  const whole = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0);
  return whole;
}
