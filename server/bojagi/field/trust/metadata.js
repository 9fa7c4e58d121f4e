/**
 * TUF metadata, read strictly (sections 4.2 to 4.6): what `tuf.api.metadata` reads in Python.
 *
 * What always holds: what this returns has the shape of its kind, whole; what is verified later
 * (`signed`) is the very value that was read, so that no field can stand in the file and not under
 * the signature. It accepts nothing that Python refuses.
 *
 * Example: {"signed": {"_type": "timestamp", ...}, "signatures": [{"keyid": "ab", "sig": "01"}]}.
 */

import { damaged } from "./verdicts.js";
import { Delegations } from "./delegations.js";
import { eachOf, fieldsOf, integerOf, listOf, textOf } from "./fields.js";
import { parseJson } from "./json.js";
import { keysOf, roleOf } from "./keys.js";

const EXPIRES = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const SPECIFICATION = /^1\.[0-9]+(\.[0-9]+)?$/;
const TOP_LEVEL = ["root", "snapshot", "targets", "timestamp"];

/**
 * @typedef {object} Named what one file says of another
 * @property {number | undefined} length in bytes
 * @property {Map<string, string> | undefined} hashes digests in base 16 by kind, in the file's order
 */

/** @typedef {Named & {version: number}} MetaFile */

/**
 * @typedef {object} TargetFile
 * @property {string} path
 * @property {number} length
 * @property {Map<string, string>} hashes
 * @property {any} custom
 */

/**
 * @typedef {object} Root
 * @property {Map<string, import("./keys.js").Key>} keys
 * @property {Map<string, import("./keys.js").Role>} roles
 * @property {boolean} consistentSnapshot
 */

/** @typedef {{snapshotMeta: MetaFile}} Timestamp */
/** @typedef {{meta: Map<string, MetaFile>}} Snapshot */
/** @typedef {{targets: Map<string, TargetFile>, delegations: Delegations | null}} Targets */

/**
 * @template Body
 * @typedef {object} Metadata
 * @property {number} version
 * @property {number} expires milliseconds since 1970
 * @property {Map<string, any>} signed what is under the signatures, as it was read
 * @property {Map<string, unknown>} signatures by key id; what they are isn't looked at yet
 * @property {Body} body
 */

/** @typedef {{root: Root, timestamp: Timestamp, snapshot: Snapshot, targets: Targets}} Bodies */

/** @type {{[Kind in keyof Bodies]: (signed: import("./fields.js").Fields) => Bodies[Kind]}} */
const BODIES = { root: rootOf, timestamp: timestampOf, snapshot: snapshotOf, targets: targetsOf };

/**
 * Read metadata of one kind.
 * @template {keyof Bodies} Kind
 * @param {Uint8Array} bytes
 * @param {Kind} kind
 * @returns {Metadata<Bodies[Kind]>}
 * @throws {TrustError} `DAMAGED` for anything else
 */
export function parseMetadata(bytes, kind) {
  const fields = fieldsOf(parseJson(bytes), "metadata");
  const signed = fieldsOf(fields.get("signed"), "signed");
  if (signed.get("_type") !== kind) throw damaged(`not ${kind} metadata`);
  if (!SPECIFICATION.test(textOf(signed.get("spec_version"), "spec_version"))) {
    throw damaged("made for another specification");
  }
  return {
    version: integerOf(signed.get("version"), "version", 1),
    expires: timeOf(signed.get("expires")),
    signed,
    signatures: signaturesOf(fields.get("signatures")),
    body: BODIES[kind](signed),
  };
}

/** @param {unknown} value */
function timeOf(value) {
  const text = textOf(value, "expires");
  const time = EXPIRES.test(text) ? Date.parse(text) : NaN;
  // The 30th of February is a day in March for some browsers.
  if (Number.isNaN(time) || new Date(time).toISOString() !== text.replace("Z", ".000Z")) {
    throw damaged("expires isn't a time");
  }
  return time;
}

/** @param {unknown} value */
function signaturesOf(value) {
  /** @type {Map<string, unknown>} */
  const found = new Map();
  for (const each of listOf(value, "signatures")) {
    const fields = fieldsOf(each, "a signature");
    const keyId = textOf(fields.get("keyid"), "keyid");
    if (found.has(keyId) || !fields.has("sig")) throw damaged("a signature that stands twice, or is none");
    found.set(keyId, fields.get("sig"));
  }
  return found;
}

/** @param {import("./fields.js").Fields} signed */
function rootOf(signed) {
  const roles = eachOf(signed.get("roles"), "roles", roleOf);
  if ([...roles.keys()].sort().join() !== TOP_LEVEL.join()) throw damaged("roles aren't the top-level ones");
  const consistentSnapshot = signed.has("consistent_snapshot") ? signed.get("consistent_snapshot") : false;
  if (typeof consistentSnapshot !== "boolean") throw damaged("consistent_snapshot is neither true nor false");
  return { keys: keysOf(signed.get("keys")), roles, consistentSnapshot };
}

/** @param {import("./fields.js").Fields} signed */
function timestampOf(signed) {
  const meta = eachOf(signed.get("meta"), "meta", metaFileOf);
  const snapshotMeta = meta.get("snapshot.json");
  if (!snapshotMeta || meta.size !== 1) throw damaged("a timestamp names one snapshot");
  return { snapshotMeta };
}

/** @param {import("./fields.js").Fields} signed */
function snapshotOf(signed) {
  return { meta: eachOf(signed.get("meta"), "meta", metaFileOf) };
}

/** @param {import("./fields.js").Fields} signed */
function targetsOf(signed) {
  return {
    targets: eachOf(signed.get("targets"), "targets", targetFileOf),
    delegations: signed.has("delegations") ? new Delegations(signed.get("delegations")) : null,
  };
}

/**
 * @param {unknown} value
 * @returns {MetaFile}
 */
function metaFileOf(value) {
  const fields = fieldsOf(value, "a file's entry");
  return {
    version: integerOf(fields.get("version"), "version", 1),
    length: fields.has("length") ? integerOf(fields.get("length"), "length", 0) : undefined,
    hashes: fields.has("hashes") ? hashesOf(fields.get("hashes")) : undefined,
  };
}

/**
 * @param {unknown} value
 * @param {string} path
 * @returns {TargetFile}
 */
function targetFileOf(value, path) {
  const fields = fieldsOf(value, "a target's entry");
  return {
    path,
    length: integerOf(fields.get("length"), "length", 0),
    hashes: hashesOf(fields.get("hashes")),
    custom: fields.get("custom"),
  };
}

/** @param {unknown} value */
function hashesOf(value) {
  const hashes = eachOf(value, "hashes", (each) => textOf(each, "a digest"));
  if (!hashes.size) throw damaged("hashes are empty");
  return hashes;
}
