/**
 * The rules of trust: bytes, a reference time and a way to verify in; what may be believed out. Twin
 * of `trust/rules.py`, held to it by shared vectors.
 *
 * What always holds:
 *
 * - Integrity is absolute: bytes that don't verify are never part of the set.
 * - Freshness is graded: metadata past its day is kept, and `expired` names it. In strict mode it is
 *   refused, as The Update Framework says (specification 1.0.34, section 5).
 * - A version never goes back: not a role's, and not one that the snapshot names.
 * - Where a digest of a file is known, the bytes are held to it before anything reads them.
 * - Nothing here reads a file, a network or a clock.
 *
 * A timestamp or snapshot that verifies but is refused for its day, or for its version, stays in the
 * set, so that the next one can't go back behind it; nothing is built on it.
 */

import { damaged, TrustError, Verdict } from "./verdicts.js";
import { digest } from "./bytes.js";
import { encodeCanonical } from "./canonical.js";
import { parseMetadata } from "./metadata.js";
import { verifySignature } from "./signature.js";

/** @typedef {import("./metadata.js").Metadata<any>} AnyMetadata */
/** @typedef {import("./metadata.js").Metadata<import("./metadata.js").Root>} RootMetadata */
/** @typedef {import("./metadata.js").Metadata<import("./metadata.js").Timestamp>} TimestampMetadata */
/** @typedef {import("./metadata.js").Metadata<import("./metadata.js").Snapshot>} SnapshotMetadata */
/** @typedef {import("./metadata.js").Metadata<import("./metadata.js").Targets>} TargetsMetadata */

/** Roles visited in the search for one target. */
export const MOST_DELEGATIONS = 32;

/** What is believed of one repository, step by step in the order of TUF. */
export class TrustedSet {
  /**
   * Believe the pinned root, which vouches for itself.
   * @param {Uint8Array} root the pinned root, or the one seen last
   * @param {number} now the reference time, in milliseconds since 1970
   * @param {{strict?: boolean, verify?: import("./signature.js").Verify}} [options] `strict` refuses
   *   what has expired; `verify` is how a signature is verified
   * @returns {Promise<TrustedSet>}
   */
  static async open(root, now, { strict = false, verify = verifySignature } = {}) {
    const loaded = parseMetadata(root, "root");
    await requireSignatures(loaded, "root", loaded, verify);
    return new TrustedSet(loaded, now, strict, verify);
  }

  /**
   * @param {RootMetadata} root that vouches for itself; `open` makes sure
   * @param {number} now
   * @param {boolean} strict
   * @param {import("./signature.js").Verify} verify
   */
  constructor(root, now, strict, verify) {
    this.root = root;
    this.now = now;
    this.strict = strict;
    this.verify = verify;
    /** @type {TimestampMetadata | null} */
    this.timestamp = null;
    /** @type {SnapshotMetadata | null} */
    this.snapshot = null;
    /** @type {Map<string, TargetsMetadata>} */
    this.roles = new Map();
  }

  /**
   * What is believed here past its day at the reference time: role to the end of it.
   * @returns {Map<string, number>}
   */
  get expired() {
    /** @type {[string, AnyMetadata | null][]} */
    const believed = [
      ["root", this.root],
      ["timestamp", this.timestamp],
      ["snapshot", this.snapshot],
      ...this.roles,
    ];
    return new Map(
      believed.flatMap(([role, known]) =>
        known && isExpired(known, this.now) ? [[role, known.expires]] : [],
      ),
    );
  }

  /**
   * Go one root further: signed by the keys of the last one and by its own.
   * @param {Uint8Array} data
   */
  async updateRoot(data) {
    const loaded = parseMetadata(data, "root");
    if (loaded.version !== this.root.version + 1) {
      throw notOurs(`root ${loaded.version} after root ${this.root.version}`);
    }
    await requireSignatures(this.root, "root", loaded, this.verify);
    await requireSignatures(loaded, "root", loaded, this.verify);
    this.root = loaded;
  }

  /**
   * Take a timestamp; false when it is the one that is believed already.
   * @param {Uint8Array} data
   */
  async updateTimestamp(data) {
    this.#refuseExpired("root", this.root);
    const fresh = parseMetadata(data, "timestamp");
    await requireSignatures(this.root, "timestamp", fresh, this.verify);
    const known = this.timestamp;
    if (known) {
      refuseOlder("timestamp", fresh.version, known.version);
      if (fresh.version === known.version) return false;
      refuseOlder("snapshot", fresh.body.snapshotMeta.version, known.body.snapshotMeta.version);
    }
    this.timestamp = fresh;
    this.finalTimestamp();
    return true;
  }

  /**
   * Take a snapshot.
   * @param {Uint8Array} data
   * @param {{seenBefore?: boolean}} [options] `seenBefore`: it is the one in our own memory, believed
   *   already, and here only so that the next one can't go back behind it
   */
  async updateSnapshot(data, { seenBefore = false } = {}) {
    const timestamp = this.finalTimestamp();
    if (!seenBefore) await requireContent(timestamp.body.snapshotMeta, data, "snapshot");
    const loaded = parseMetadata(data, "snapshot");
    await requireSignatures(this.root, "snapshot", loaded, this.verify);
    for (const [name, known] of this.snapshot?.body.meta ?? []) {
      const fresh = loaded.body.meta.get(name);
      if (!fresh) throw new TrustError(Verdict.OLDER_THAN_YOURS, `the snapshot has lost ${name}`);
      refuseOlder(name, fresh.version, known.version);
    }
    this.snapshot = loaded;
    this.#finalSnapshot();
  }

  /**
   * Take a targets role that another role vouches for.
   * @param {Uint8Array} data
   * @param {string} role
   * @param {string} delegator
   */
  async updateRole(data, role, delegator) {
    const meta = this.metaOf(role);
    await requireContent(meta, data, role);
    const loaded = parseMetadata(data, "targets");
    const vouching = delegator === "root" ? this.root : this.believed(delegator);
    await requireSignatures(vouching, role, loaded, this.verify);
    if (loaded.version !== meta.version) {
      throw damaged(`${role} is version ${loaded.version}; its snapshot says ${meta.version}`);
    }
    this.#refuseExpired(role, loaded);
    this.roles.set(role, loaded);
  }

  /**
   * Return a targets role that was taken before; asking for another is a bug.
   * @param {string} role
   */
  believed(role) {
    const found = this.roles.get(role);
    if (!found) throw new Error(`${role} hasn't been taken yet`);
    return found;
  }

  /**
   * Return what the snapshot says of a role.
   * @param {string} role
   */
  metaOf(role) {
    const meta = this.#finalSnapshot().body.meta.get(`${role}.json`);
    if (!meta) throw notOurs(`the snapshot doesn't know ${role}`);
    return meta;
  }

  /**
   * Yield the roles that may vouch for a target, in order, each with its delegator.
   *
   * The caller takes each role (`updateRole`) before it asks for the next; the walk is pre-order and
   * ends where a terminating delegation says so (section 5.6.7).
   * @param {string} target
   * @returns {AsyncGenerator<[string, string]>}
   */
  async *delegatorsOf(target) {
    const visited = new Set();
    /** @type {[string, string][]} */
    let waiting = [["targets", "root"]];
    while (waiting.length && visited.size < MOST_DELEGATIONS) {
      const step = /** @type {[string, string]} */ (waiting.pop());
      const name = JSON.stringify(step); // one text for one pair, whatever is in the names
      if (visited.has(name)) continue;
      visited.add(name);
      yield step;
      const [role] = step;
      /** @type {[string, string][]} */
      const children = [];
      for await (const child of this.believed(role).body.delegations?.rolesFor(target) ?? []) {
        children.push([child.name, role]);
        if (child.terminating) {
          waiting = [];
          break;
        }
      }
      waiting.push(...children.reverse());
    }
  }

  finalTimestamp() {
    if (!this.timestamp) throw damaged("there is no timestamp");
    this.#refuseExpired("timestamp", this.timestamp);
    return this.timestamp;
  }

  #finalSnapshot() {
    const timestamp = this.finalTimestamp();
    if (this.snapshot?.version !== timestamp.body.snapshotMeta.version) {
      throw damaged("the snapshot isn't the one its timestamp names");
    }
    this.#refuseExpired("snapshot", this.snapshot);
    return this.snapshot;
  }

  /**
   * @param {string} role
   * @param {AnyMetadata} known
   */
  #refuseExpired(role, known) {
    if (this.strict && isExpired(known, this.now)) {
      throw new TrustError(Verdict.OLD, `${role} expired on ${dayOf(known.expires)}`);
    }
  }
}

/**
 * Throw unless enough of a role's keys signed (section 5.3.4 and others).
 *
 * Keys count once, even when they are listed under two ids, or written in two ways.
 * @param {RootMetadata | TargetsMetadata} delegator
 * @param {string} role
 * @param {AnyMetadata} metadata
 * @param {import("./signature.js").Verify} [verify]
 */
export async function requireSignatures(delegator, role, metadata, verify = verifySignature) {
  const { rule, keys } = ruleOf(delegator.body, role);
  if (!rule || !keys) throw notOurs(`nobody vouches for ${role}`);
  const signed = encodeCanonical(metadata.signed);
  const signers = new Set();
  for (const keyId of rule.keyIds) {
    const key = keys.get(keyId);
    const signature = metadata.signatures.get(keyId);
    if (key && signature !== undefined && (await verify(key, signature, signed))) {
      signers.add(key.publicKey.replace(/\s/g, "").toLowerCase());
    }
  }
  if (signers.size < rule.threshold) {
    throw notOurs(`${role} has ${signers.size} of the ${rule.threshold} signatures it needs`);
  }
}

/**
 * @param {import("./metadata.js").Root | import("./metadata.js").Targets} body
 * @param {string} role
 */
function ruleOf(body, role) {
  if ("roles" in body) return { rule: body.roles.get(role), keys: body.keys };
  return { rule: body.delegations?.rule(role), keys: body.delegations?.keys };
}

/**
 * Throw unless bytes are the ones that another file names.
 * @param {import("./metadata.js").Named} info
 * @param {Uint8Array} content
 * @param {string} name
 */
export async function requireContent(info, content, name) {
  const isOther = info.length !== undefined && info.length !== content.length;
  for (const [kind, hash] of isOther ? [] : info.hashes ?? []) {
    if ((await digest(kind, content)) !== hash) throw damaged(`${name} isn't the bytes that were signed`);
  }
  if (isOther) throw damaged(`${name} isn't the bytes that were signed`);
}

/**
 * Whether metadata's day has come.
 * @param {AnyMetadata} metadata
 * @param {number} now
 */
export const isExpired = (metadata, now) => now >= metadata.expires;

/**
 * Return the day of a time, ISO 8601.
 * @param {number} time
 */
export const dayOf = (time) => new Date(time).toISOString().slice(0, 10);

/**
 * @param {string} what
 * @param {number} fresh
 * @param {number} known
 */
function refuseOlder(what, fresh, known) {
  if (fresh < known) {
    const reason = `${what} is version ${fresh}; ${known} was seen already`;
    throw new TrustError(Verdict.OLDER_THAN_YOURS, reason);
  }
}

/** @param {string} reason */
const notOurs = (reason) => new TrustError(Verdict.NOT_OURS, reason);
