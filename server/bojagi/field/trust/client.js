/**
 * The order in which a repository is read: TUF's client workflow over any source of bytes. Twin of
 * `trust/client.py`.
 *
 * What always holds: rules decide (`rules.js`); this reads, in the order of the specification
 * (section 5), never more than a limit, and remembers only what was believed.
 */

import { damaged, TrustError, Verdict } from "./verdicts.js";
import { quote } from "./bytes.js";
import { requireContent, TrustedSet } from "./rules.js";

export const ROOTS_AT_ONCE = 256;
export const ROOT_BYTES = 512_000;
export const TIMESTAMP_BYTES = 16_384;
export const SNAPSHOT_BYTES = 2_000_000;
export const ROLE_BYTES = 5_000_000;
/** Whatever length was signed: a stolen key must not fill a phone. */
export const TARGET_BYTES = 16_000_000;

/**
 * Where a repository's files are read from.
 * @typedef {object} Source
 * @property {(path: string, limit: number) => Promise<Uint8Array | null>} read a file's bytes, or
 *   null when it isn't there; throws a `TrustError` when it is larger than the limit, or can't be read
 */

/**
 * What a verifier has believed before: metadata by role, and every withdrawal ever seen.
 * @typedef {object} Memory
 * @property {(role: string) => Promise<Uint8Array | null>} recall
 * @property {(role: string, data: Uint8Array) => Promise<void>} keep
 * @property {() => Promise<Map<string, string>>} recallWithdrawn digests ever called back, each with
 *   the code of its reason
 * @property {(withdrawn: Map<string, string>) => Promise<void>} keepWithdrawn adds to them; what is
 *   kept is never forgotten, whatever a later list leaves out
 */

/** @typedef {Pick<import("./metadata.js").TargetFile, "path" | "length" | "hashes">} Wanted a target */

/**
 * A verifier that has seen nothing before this run.
 * @implements {Memory}
 */
export class NoMemory {
  /**
   * @param {Map<string, Uint8Array>} [seen]
   * @param {Map<string, string>} [withdrawn]
   */
  constructor(seen = new Map(), withdrawn = new Map()) {
    this.seen = seen;
    this.withdrawn = withdrawn;
  }

  /** @param {string} role */
  async recall(role) {
    return this.seen.get(role) ?? null;
  }

  /**
   * @param {string} role
   * @param {Uint8Array} data
   */
  async keep(role, data) {
    this.seen.set(role, data);
  }

  async recallWithdrawn() {
    return new Map(this.withdrawn);
  }

  /** @param {Map<string, string>} withdrawn */
  async keepWithdrawn(withdrawn) {
    for (const [digest, code] of withdrawn) this.withdrawn.set(digest, code);
  }
}

/** One reading of one repository. Every step throws a `TrustError` when it refuses. */
export class Client {
  /**
   * @param {Source} source
   * @param {Memory} memory what was believed before; at least the pinned root
   * @param {number} now the reference time, in milliseconds since 1970
   * @param {{strict?: boolean, verify?: import("./signature.js").Verify}} [options] as `TrustedSet`'s
   * @returns {Promise<Client>}
   */
  static async open(source, memory, now, options) {
    const root = await memory.recall("root");
    if (!root) throw new TrustError(Verdict.NOT_OURS, "there is no pinned root to begin with");
    return new Client(source, memory, await TrustedSet.open(root, now, options));
  }

  /**
   * @param {Source} source
   * @param {Memory} memory
   * @param {TrustedSet} trusted
   */
  constructor(source, memory, trusted) {
    this.source = source;
    this.memory = memory;
    this.trusted = trusted;
  }

  /** Read the top-level roles, in order. */
  async refresh() {
    await this.#roots();
    await this.#timestamp();
    await this.#snapshot();
    await this.take("targets", "root");
    return this.trusted;
  }

  /**
   * Find who vouches for a target; null when nobody does.
   * @param {string} target
   */
  async find(target) {
    for await (const [role, delegator] of this.trusted.delegatorsOf(target)) {
      if (role !== "targets") await this.take(role, delegator);
      const info = this.trusted.believed(role).body.targets.get(target);
      if (info) return info;
    }
    return null;
  }

  /**
   * Whether a role of the top-level targets is the one whose word counts for a target.
   * @param {string} role
   * @param {string} target
   */
  async vouches(role, target) {
    return isVouchedFor(this.trusted.believed("targets").body, role, target);
  }

  /**
   * Read a target and make sure it is what was signed.
   * @param {Wanted} info
   */
  async content(info) {
    const data = await this.readTarget(info);
    if (!data) throw damaged(`${info.path} is missing`);
    return data;
  }

  /**
   * Read a target as `content` does; null when the source doesn't have it.
   * @param {Wanted} info
   */
  async readTarget(info) {
    if (info.length > TARGET_BYTES) throw damaged(`${info.path} is longer than anything we publish`);
    const data = await this.source.read(this.targetFile(info), info.length);
    if (data) await requireContent(info, data, info.path);
    return data;
  }

  /**
   * Return where the source keeps a target (section 6.2; consistent snapshots).
   * @param {Wanted} info
   */
  targetFile(info) {
    const folder = info.path.split("/").slice(0, -1).join("/");
    const name = info.path.slice(info.path.lastIndexOf("/") + 1);
    const [digest] = info.hashes.values();
    const prefix = this.trusted.root.body.consistentSnapshot ? `${digest}.` : "";
    return ["targets", folder, prefix + name].filter(Boolean).join("/");
  }

  /**
   * Take a targets role that another role vouches for, from memory where it still stands.
   * @param {string} role
   * @param {string} delegator
   */
  async take(role, delegator) {
    const meta = this.trusted.metaOf(role);
    // What is kept may not be the one the snapshot names now.
    if (await this.#believeAgain(role, (data) => this.trusted.updateRole(data, role, delegator))) return;
    const data = await this.#metadata(role, meta, ROLE_BYTES);
    await this.trusted.updateRole(data, role, delegator);
    await this.memory.keep(role, data);
  }

  async #roots() {
    for (let count = 0; count < ROOTS_AT_ONCE; count += 1) {
      const name = `metadata/${this.trusted.root.version + 1}.root.json`;
      const data = await this.source.read(name, ROOT_BYTES);
      if (!data) return;
      await this.trusted.updateRoot(data);
      await this.memory.keep("root", data);
    }
  }

  async #timestamp() {
    await this.#believeAgain("timestamp", (data) => this.trusted.updateTimestamp(data));
    const data = await this.#required("metadata/timestamp.json", TIMESTAMP_BYTES);
    if (await this.trusted.updateTimestamp(data)) await this.memory.keep("timestamp", data);
  }

  async #snapshot() {
    await this.#believeAgain("snapshot", (data) =>
      this.trusted.updateSnapshot(data, { seenBefore: true }),
    );
    // As it is, also past its day: a snapshot is read, and only then refused for it.
    const meta = this.trusted.timestamp?.body.snapshotMeta;
    if (meta && this.trusted.snapshot?.version !== meta.version) {
      const data = await this.#metadata("snapshot", meta, SNAPSHOT_BYTES);
      await this.trusted.updateSnapshot(data);
      await this.memory.keep("snapshot", data);
    }
  }

  /**
   * @param {string} role
   * @param {import("./metadata.js").MetaFile} meta
   * @param {number} limit
   */
  async #metadata(role, meta, limit) {
    const version = this.trusted.root.body.consistentSnapshot ? `${meta.version}.` : "";
    const most = Math.min(meta.length || limit, limit);
    return this.#required(`metadata/${version}${quote(role)}.json`, most);
  }

  /**
   * @param {string} path
   * @param {number} limit
   */
  async #required(path, limit) {
    const data = await this.source.read(path, limit);
    if (!data) throw damaged(`${path} is missing`);
    return data;
  }

  /**
   * Take what was believed before; keys may have been rotated since, so it may not verify.
   * @param {string} role
   * @param {(data: Uint8Array) => Promise<unknown>} update
   */
  async #believeAgain(role, update) {
    const kept = await this.memory.recall(role);
    if (!kept) return false;
    try {
      await update(kept);
      return true;
    } catch (error) {
      if (error instanceof TrustError) return false;
      throw error;
    }
  }
}

/**
 * Whether a role that targets delegate to is the one whose word counts for a target.
 * @param {import("./metadata.js").Targets} targets
 * @param {string} role
 * @param {string} target
 */
export async function isVouchedFor({ delegations }, role, target) {
  for await (const { name } of delegations?.rolesFor(target) ?? []) return name === role;
  return false;
}
