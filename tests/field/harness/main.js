/**
 * Runs vectors in the browser: every case of a kind, all in one call, and says which differ.
 *
 * What always holds: a case fails when what it gives isn't, field for field, what was expected; an
 * error that isn't an answer is a failure too, never a crash of the others.
 */

import { Contents } from "./contents.js";
import * as replay from "./replay.js";

/**
 * @typedef {object} Outcome
 * @property {number} count
 * @property {number} milliseconds
 * @property {{name: string, expected: any, got: any}[]} failures
 */

/**
 * @param {string} kind the name of a function of `replay.js`
 * @param {any[]} cases each with `gives`, what is expected of it
 * @param {any[]} [rows] the table of contents
 * @returns {Promise<Outcome>}
 */
async function run(kind, cases, rows = []) {
  const contents = new Contents(rows);
  const play = /** @type {Record<string, Function>} */ (/** @type {unknown} */ (replay))[kind];
  const failures = [];
  const start = performance.now();
  for (const [place, each] of cases.entries()) {
    const got = await play(each, contents).catch(
      (/** @type {Error} */ error) => `${error}\n${error.stack}`,
    );
    if (inOrder(got) !== inOrder(each.gives)) {
      failures.push({ name: each.name ?? `${kind} ${place}`, expected: each.gives, got });
    }
  }
  return { count: cases.length, milliseconds: performance.now() - start, failures };
}

/**
 * Write JSON with its keys in one order, so that two texts are the same when two values are.
 * @param {any} value
 * @returns {string}
 */
function inOrder(value) {
  if (Array.isArray(value)) return `[${value.map(inOrder)}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "undefined";
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${inOrder(value[key])}`)}}`;
}

/**
 * Fetch a table of vectors and run it.
 * @param {string} kind
 * @param {string} file
 * @param {string} table
 * @param {any} [also] what each case is given besides
 */
async function runFile(kind, file, table, also = {}) {
  const [found, { contents }] = await Promise.all(
    [file, "contents"].map(async (name) => (await fetch(`/vectors/${name}.json`)).json()),
  );
  const cases = found[table].map((/** @type {any} */ each) => ({ ...found, ...also, ...each }));
  return run(kind, cases, contents);
}

Object.assign(globalThis, { run, runFile });
