/**
 * The whole current chain of metadata as one file: a check is two requests instead of many. Twin of
 * `trust/chain.py`.
 *
 *     2.root.json {"signatures":...}
 *     17.snapshot.json {"signatures":...}
 *
 * What always holds: a chain saves round trips and proves nothing. Whoever reads it hands each file to
 * the rules, as if it had come alone; what its timestamp calls it only names a file.
 */

import { damaged, TrustError } from "./verdicts.js";
import { TIMESTAMP_BYTES } from "./client.js";
import { parseJson } from "./json.js";

/** @typedef {import("./client.js").Source} Source */

export const CHAIN_BYTES = 8 * 1024 * 1024;
export const CHAIN_FILES = 1000;

const NAME = /^[0-9]+\.[a-z0-9-]+\.json$/;
const CHAIN = /^[0-9]{1,9}\.[0-9]{1,9}$/;
const ROOT = /^metadata\/[0-9]+\.root\.json$/;
const TIMESTAMP = "metadata/timestamp.json";
const [LINE_FEED, SPACE] = [0x0a, 0x20];

/**
 * Return the files of a chain by name.
 * @param {Uint8Array} bytes
 * @returns {Map<string, Uint8Array>}
 * @throws {TrustError} `DAMAGED` when it isn't a chain
 */
export function parseChain(bytes) {
  if (bytes.length > CHAIN_BYTES || bytes[bytes.length - 1] !== LINE_FEED) {
    throw damaged("not a chain of metadata, or not whole");
  }
  const files = new Map();
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LINE_FEED, start);
    const line = bytes.subarray(start, end);
    const space = line.indexOf(SPACE);
    const name = new TextDecoder("latin1").decode(line.subarray(0, Math.max(space, 0)));
    if (!NAME.test(name) || files.has(name) || files.size === CHAIN_FILES) {
      throw damaged("not a chain of metadata");
    }
    files.set(name, line.slice(space + 1));
    start = end + 1;
  }
  return files;
}

/**
 * Return what a timestamp that isn't believed yet calls its chain, or null; it only names a file.
 * @param {Uint8Array} timestamp
 * @returns {string | null}
 */
export function chainName(timestamp) {
  try {
    const found = parseJson(timestamp)?.get?.("signed")?.get?.("chain");
    return typeof found === "string" && CHAIN.test(found) ? found : null;
  } catch (error) {
    if (error instanceof TrustError) return null;
    throw error;
  }
}

/**
 * A repository whose metadata comes in two requests: its timestamp, and the chain that this names.
 *
 * A chain holds all roots, so a root it doesn't hold isn't asked for. Everything else that it doesn't
 * hold, the editions above all, is read from the source behind it; and where there is no chain,
 * everything is.
 * @implements {Source}
 */
export class ChainSource {
  /**
   * @param {Source} source the source behind it
   * @param {number} place of the locale on its shelf
   */
  constructor(source, place) {
    this.source = source;
    this.place = place;
    /** @type {Promise<{files: Map<string, Uint8Array>, isWhole: boolean}> | null} */
    this.chain = null;
  }

  /**
   * @param {string} path
   * @param {number} limit
   */
  async read(path, limit) {
    if (!path.startsWith("metadata/")) return this.source.read(path, limit);
    this.chain ??= this.#fetch();
    const { files, isWhole } = await this.chain;
    const data = files.get(path);
    if (data && data.length > limit) throw damaged(`${path} is longer than the ${limit} bytes it may have`);
    if (data) return data;
    if (path === TIMESTAMP || (isWhole && ROOT.test(path))) return null;
    return this.source.read(path, limit);
  }

  async #fetch() {
    /** @type {Map<string, Uint8Array>} */
    const files = new Map();
    const timestamp = await this.source.read(TIMESTAMP, TIMESTAMP_BYTES);
    const name = timestamp && chainName(timestamp);
    const raw = name && (await this.source.read(`metadata/chain/${name}.${this.place}.txt`, CHAIN_BYTES));
    for (const [file, data] of raw ? parseChain(raw) : []) files.set(`metadata/${file}`, data);
    if (timestamp) files.set(TIMESTAMP, timestamp);
    return { files, isWhole: Boolean(raw) };
  }
}
