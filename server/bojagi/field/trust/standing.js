/**
 * How an edition stands whose bytes are the signed ones: against what was called back, the newest that
 * was seen, and the day. Twin of the second half of `trust/verifier.py`.
 *
 * What always holds: worse comes first; a day of review that isn't a day has passed.
 */

import { TrustError, Verdict } from "./verdicts.js";
import { byCodePoints } from "./canonical.js";
import { isVouchedFor } from "./client.js";
import { parseMetadata } from "./metadata.js";
import { dayOf, isExpired } from "./rules.js";

export const WITHDRAWALS = "w";
/** A field of ours in the timestamp: the day it was signed. */
const SIGNED_ON = "signed_on";
/** In a target's `custom`: the day by which the edition is to be checked again. */
const REVIEW_BY = "r";

const TOP_LEVEL = new Set(["root", "timestamp", "snapshot", "targets"]);
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

/** @typedef {import("./client.js").Memory} Memory */
/** @typedef {import("./metadata.js").TargetFile} TargetFile */

/**
 * The newest editions that are believed, and what of the metadata they stand in has ended.
 * @typedef {object} Seen
 * @property {Map<string, TargetFile>} targets
 * @property {Map<string, number>} ended role to the end of it
 */

/**
 * Hold an edition against what was called back, and against the newest that was seen.
 * @param {string} path
 * @param {string} digest the SHA-256 of its signed bytes
 * @param {Map<string, string>} withdrawn
 * @param {Seen} seen
 * @param {number} now
 * @returns {[number, string]} the verdict, and why it isn't `CURRENT`
 */
export function compared(path, digest, withdrawn, seen, now) {
  const code = withdrawn.get(digest);
  if (code !== undefined) return [Verdict.WITHDRAWN, code];
  const newest = seen.targets.get(path);
  if (!newest) return [Verdict.OLDER_THAN_YOURS, "what was seen last holds it no more"];
  if (digestOf(newest) !== digest) return [Verdict.OLDER_THAN_YOURS, "a newer one was seen"];
  const ended = [...seen.ended].filter(([role]) => concerns(role, path));
  const [first] = ended.sort((a, b) => a[1] - b[1] || byCodePoints(a[0], b[0]));
  if (first) return [Verdict.OLD, `${first[0]} ended on ${dayOf(first[1])}`];
  const reviewBy = dayIn(said(newest, REVIEW_BY)) ?? "";
  if (reviewBy < dayOf(now)) {
    return [Verdict.OLD, `to be checked again by ${reviewBy || "a day that it does not say"}`];
  }
  return [Verdict.CURRENT, ""];
}

/**
 * Whether an edition rests on a role: another publisher's end is none of its own.
 * @param {string} role
 * @param {string} path
 */
function concerns(role, path) {
  const vouching = path.slice(0, Math.max(path.lastIndexOf("/"), 0)).replaceAll("/", "-");
  return TOP_LEVEL.has(role) || role === WITHDRAWALS || role === vouching;
}

/**
 * Return the time that days of expiry and review are held against.
 * @param {number} clock what the device says, in milliseconds since 1970
 * @param {string} built the day this program was built, ISO 8601
 * @param {string | null} newestSigned
 */
export function referenceTime(clock, built, newestSigned) {
  return Math.max(clock, Date.parse(built), newestSigned ? Date.parse(newestSigned) : -Infinity);
}

/**
 * Return the editions of the newest metadata that was believed, and what of it has ended.
 *
 * Of a role of which a newer version was named since, and not read, nothing counts as the newest.
 * @param {Memory} memory
 * @param {number} now
 * @returns {Promise<Seen>}
 */
export async function seenIn(memory, now) {
  /** @type {Seen} */
  const seen = { targets: new Map(), ended: new Map() };
  const top = await remembered(memory, "targets", "targets");
  const snapshot = await remembered(memory, "snapshot", "snapshot");
  const roles = top ? delegatedBy(top.body) : [];
  for (const role of ["timestamp", "snapshot", "targets", ...roles]) {
    const kind = role === "timestamp" || role === "snapshot" ? role : "targets";
    const metadata = await remembered(memory, role, kind);
    if (metadata && isExpired(metadata, now)) seen.ended.set(role, metadata.expires);
    const isPublisher = roles.includes(role) && role !== WITHDRAWALS;
    const isNewest = metadata && snapshot?.body.meta.get(`${role}.json`)?.version === metadata.version;
    if (!top || !isNewest || !isPublisher || !("targets" in metadata.body)) continue;
    for (const [path, info] of metadata.body.targets) {
      if (await isVouchedFor(top.body, role, path)) seen.targets.set(path, info);
    }
  }
  return seen;
}

/**
 * Return metadata from memory; it was believed when it was kept.
 * @template {keyof import("./metadata.js").Bodies} Kind
 * @param {Memory} memory
 * @param {string} role
 * @param {Kind} kind
 */
async function remembered(memory, role, kind) {
  const data = await memory.recall(role);
  return data && parseMetadata(data, kind);
}

/**
 * Return the day a remembered timestamp was signed; it was believed when it was kept.
 * @param {Uint8Array | null} timestamp
 */
export function signedOn(timestamp) {
  try {
    return timestamp && dayIn(parseMetadata(timestamp, "timestamp").signed.get(SIGNED_ON));
  } catch (error) {
    if (error instanceof TrustError) return null;
    throw error;
  }
}

/**
 * Return a value that is a day, ISO 8601, else null.
 * @param {unknown} value
 */
function dayIn(value) {
  if (typeof value !== "string" || !DAY.test(value)) return null;
  const time = Date.parse(value);
  return !Number.isNaN(time) && dayOf(time) === value ? value : null;
}

/**
 * Return the SHA-256 of a target's bytes, as it was signed.
 * @param {TargetFile} info
 */
export const digestOf = (info) => info.hashes.get("sha256") ?? "";

/**
 * Return what a target's `custom` says under a name.
 * @param {TargetFile} info
 * @param {string} name
 * @returns {unknown}
 */
export const said = ({ custom }, name) => (custom instanceof Map ? custom.get(name) : undefined);

/**
 * Return the names of the roles that targets delegate to, in order.
 * @param {import("./metadata.js").Targets} targets
 */
export const delegatedBy = ({ delegations }) => [...(delegations?.roles.keys() ?? [])];
