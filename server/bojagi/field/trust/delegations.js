/**
 * To whom targets delegate, and who may vouch for a path (TUF, section 4.5; TAP 15).
 *
 * What always holds: a delegation is by path patterns, or by prefixes of the path's SHA-256, never
 * both; delegated roles are listed one by one, or are bins of one common prefix, never both; none has
 * the name of a top-level role. Roles are asked in the order in which they are listed.
 */

import { damaged } from "./verdicts.js";
import { sha256 } from "./bytes.js";
import { fieldsOf, integerOf, listOf, textOf } from "./fields.js";
import { isInPattern } from "./glob.js";
import { keysOf, roleOf } from "./keys.js";

const TOP_LEVEL = new Set(["root", "timestamp", "snapshot", "targets", ""]);

/**
 * @typedef {object} Delegated
 * @property {string} name
 * @property {boolean} terminating whether the search for a target ends here
 * @property {string[] | undefined} paths
 * @property {string[] | undefined} prefixes
 */

/**
 * @typedef {object} Bins
 * @property {string} prefix
 * @property {number} bits 2 to the power of it bins
 */

export class Delegations {
  /** @param {unknown} value the field `delegations` */
  constructor(value) {
    const fields = fieldsOf(value, "delegations");
    this.keys = keysOf(fields.get("keys"));
    /** @type {Map<string, Delegated & import("./keys.js").Role>} */
    this.roles = new Map();
    /** @type {Bins & import("./keys.js").Role | null} */
    this.bins = null;
    if (fields.has("roles") === fields.has("succinct_roles")) {
      throw damaged("delegations need either roles or succinct roles");
    }
    if (fields.has("roles")) this.#list(fields.get("roles"));
    else this.bins = binsOf(fields.get("succinct_roles"));
  }

  /** @param {unknown} value */
  #list(value) {
    for (const each of listOf(value, "delegated roles")) {
      const role = delegatedOf(each);
      if (TOP_LEVEL.has(role.name) || this.roles.has(role.name)) {
        throw damaged(`a delegation to ${role.name || "nobody"} that can't be`);
      }
      this.roles.set(role.name, role);
    }
  }

  /**
   * Return who must sign a role, or undefined when it isn't delegated here.
   * @param {string} name
   */
  rule(name) {
    if (!this.bins) return this.roles.get(name);
    const { prefix, bits } = this.bins;
    const number = name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : "";
    const isBin = /^[0-9a-f]+$/i.test(number) && number.length === digitsOf(bits);
    return isBin && parseInt(number, 16) < 2 ** bits ? this.bins : undefined;
  }

  /**
   * Yield the roles that may vouch for a target, in order.
   * @param {string} target
   * @returns {AsyncGenerator<{name: string, terminating: boolean}>}
   */
  async *rolesFor(target) {
    if (this.bins) {
      const { prefix, bits } = this.bins;
      const number = parseInt((await sha256(target)).slice(0, 8), 16) >>> (32 - bits);
      const name = `${prefix}-${number.toString(16).padStart(digitsOf(bits), "0")}`;
      yield { name, terminating: true };
    }
    for (const role of this.roles.values()) {
      if (await isDelegated(role, target)) yield role;
    }
  }
}

/**
 * @param {Delegated} role
 * @param {string} target
 */
async function isDelegated(role, target) {
  if (role.paths) return role.paths.some((pattern) => isInPattern(target, pattern));
  const hash = await sha256(target);
  return (role.prefixes ?? []).some((prefix) => hash.startsWith(prefix));
}

/** @param {unknown} value */
function delegatedOf(value) {
  const fields = fieldsOf(value, "a delegated role");
  const { keyIds, threshold } = roleOf(fields);
  const terminating = fields.get("terminating");
  if (typeof terminating !== "boolean") throw damaged("terminating is neither true nor false");
  if (fields.has("paths") === fields.has("path_hash_prefixes")) {
    throw damaged("a delegation needs either paths or path_hash_prefixes");
  }
  return {
    keyIds,
    threshold,
    name: textOf(fields.get("name"), "the name of a role"),
    terminating,
    paths: textsOf(fields.get("paths")),
    prefixes: textsOf(fields.get("path_hash_prefixes")),
  };
}

/** @param {unknown} value */
const textsOf = (value) =>
  value === undefined ? undefined : listOf(value, "paths").map((text) => textOf(text, "a path"));

/** @param {unknown} value */
function binsOf(value) {
  const fields = fieldsOf(value, "succinct roles");
  const { keyIds, threshold } = roleOf(fields);
  const bits = integerOf(fields.get("bit_length"), "bit_length", 1);
  if (bits > 32) throw damaged("bit_length is more than 32");
  return { keyIds, threshold, bits, prefix: textOf(fields.get("name_prefix"), "name_prefix") };
}

/**
 * Return how many base-16 digits the number of a bin has.
 * @param {number} bits
 */
const digitsOf = (bits) => (2 ** bits - 1).toString(16).length;
