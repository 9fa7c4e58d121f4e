/**
 * Reading fields of parsed JSON, strictly: a field is of the kind it must be, or the bytes are
 * `DAMAGED`. What always holds: nothing here guesses, converts or fills in.
 */

import { damaged } from "./verdicts.js";

/** @typedef {Map<string, any>} Fields */

/**
 * @param {unknown} value
 * @param {string} what names the value for a person
 * @returns {Fields}
 */
export function fieldsOf(value, what) {
  if (!(value instanceof Map)) throw damaged(`${what} isn't an object`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} what
 * @returns {any[]}
 */
export function listOf(value, what) {
  if (!Array.isArray(value)) throw damaged(`${what} isn't a list`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} what
 */
export function textOf(value, what) {
  if (typeof value !== "string") throw damaged(`${what} isn't text`);
  return value;
}

/**
 * @param {unknown} value
 * @param {string} what
 * @param {number} least
 */
export function integerOf(value, what, least) {
  if (typeof value !== "number" || value < least) throw damaged(`${what} isn't ${least} or more`);
  return value;
}

/**
 * Return texts of which none stands twice.
 * @param {unknown} value
 * @param {string} what
 */
export function distinctTextsOf(value, what) {
  const texts = listOf(value, what).map((text) => textOf(text, what));
  if (new Set(texts).size !== texts.length) throw damaged(`${what} names one twice`);
  return texts;
}

/**
 * Read every value of an object.
 * @template T
 * @param {unknown} value
 * @param {string} what
 * @param {(value: unknown, name: string) => T} read
 * @returns {Map<string, T>}
 */
export function eachOf(value, what, read) {
  return new Map([...fieldsOf(value, what)].map(([name, each]) => [name, read(each, name)]));
}
