/**
 * What may be said of the editions of a repository: a verdict for each, and how sure it is. Twin of
 * `trust/verifier.py`, held to it by shared vectors.
 *
 * What always holds:
 *
 * - Precedence is the verdicts' own order, worst first.
 * - The reference time is the latest of three: the device's clock, the day this program was built, and
 *   the newest signed day it has seen. So a clock that is wrong by years can make a current edition
 *   look old, and never one look current that this verifier could know to be old.
 * - A withdrawal that was ever seen counts for ever, whatever a later list, or an older stick, leaves
 *   out.
 * - An older repository is judged edition by edition: what is still the newest that was seen stays
 *   current, and everything else is older than yours.
 */

import { TrustError, Verdict, worst } from "./verdicts.js";
import { byCodePoints } from "./canonical.js";
import { Client, NoMemory } from "./client.js";
import { isDemo } from "./demo.js";
import {
  compared,
  delegatedBy,
  digestOf,
  referenceTime,
  said,
  seenIn,
  signedOn,
  WITHDRAWALS,
} from "./standing.js";

/** In a target's `custom`: the edition's version. */
const VERSION = "v";
/** In the `custom` of a withdrawal: the code of its reason. */
const REASON = "c";

/** @typedef {import("./client.js").Memory} Memory */
/** @typedef {import("./metadata.js").TargetFile} TargetFile */
/** @typedef {import("./standing.js").Seen} Seen */

/**
 * What is known of one edition.
 * @typedef {object} Judgement
 * @property {string} path its opaque path in the repository
 * @property {number} verdict
 * @property {number} version as it was signed; 0 when that isn't known
 * @property {string} reason why the verdict isn't `CURRENT`, for a person; a code for a withdrawal
 * @property {string} digest the SHA-256 of its bytes, as it was signed
 */

/**
 * What is known of a whole repository.
 * @typedef {object} Report
 * @property {Judgement[]} judgements one for each edition; empty when the repository itself can't be
 *   believed
 * @property {number} verdict the worst of all
 * @property {string} reason why the repository itself can't be believed, or is older than what was seen
 * @property {string | null} newestSigned the newest signed day that was seen, here or before, ISO 8601
 * @property {boolean} hadMemory whether anything was remembered from before; without it, an old
 *   repository can't be told from a current one by its versions
 * @property {boolean} demo it is signed with keys that everybody has
 * @property {Set<string>} files where the source keeps the editions that were judged
 */

/**
 * @typedef {object} Options
 * @property {import("./signature.js").Verify} [verify] how a signature is verified
 * @property {Set<string> | null} [chosen] where a source that holds only chosen editions keeps them;
 *   others aren't missed. Null: every edition must be there
 * @property {Set<number> | null} [places] of the locales that are wanted, on a shelf read through
 *   chains. Null: all
 */

/**
 * Judge every edition of a repository.
 * @param {import("./client.js").Source} source
 * @param {Memory} memory what was believed before; at least the pinned root
 * @param {number} clock what the device says the time is, in milliseconds since 1970
 * @param {string} built the day this program was built, ISO 8601
 * @param {Options} [options]
 * @returns {Promise<Report>}
 */
export async function verify(source, memory, clock, built, options = {}) {
  /** @type {Report} */
  const report = {
    judgements: [],
    verdict: Verdict.NOT_OURS,
    reason: "",
    newestSigned: null,
    hadMemory: false,
    demo: false,
    files: new Set(),
  };
  try {
    const remembered = await memory.recall("timestamp");
    report.hadMemory = remembered !== null;
    report.newestSigned = signedOn(remembered);
    const now = referenceTime(clock, built, report.newestSigned);
    const { client, seen, reason } = await open(source, memory, now, options.verify);
    report.reason = reason;
    report.demo = isDemo(client.trusted.root.body);
    report.newestSigned = signedOn(await memory.recall("timestamp"));
    client.trusted.now = referenceTime(clock, built, report.newestSigned);
    const withdrawn = await withdrawnOf(client, memory);
    const { judgements, files } = await judgeAll(client, withdrawn, seen, options);
    return { ...report, judgements, files, verdict: worst(judgements.map(({ verdict }) => verdict)) };
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    return { ...report, verdict: error.verdict, reason: error.reason };
  }
}

/**
 * Read a repository; one that is older than what was seen is read again for itself, beside the memory.
 * @param {import("./client.js").Source} source
 * @param {Memory} memory
 * @param {number} now
 * @param {import("./signature.js").Verify} [verifyWith]
 * @returns {Promise<{client: Client, seen: Seen | null, reason: string}>}
 */
async function open(source, memory, now, verifyWith) {
  const options = { verify: verifyWith };
  const client = await Client.open(source, memory, now, options);
  try {
    await client.refresh();
    return { client, seen: null, reason: "" };
  } catch (error) {
    if (!(error instanceof TrustError) || error.verdict !== Verdict.OLDER_THAN_YOURS) throw error;
    const seen = await seenIn(memory, now);
    const root = await memory.recall("root");
    const aside = new NoMemory(new Map(root ? [["root", root]] : []));
    const older = await Client.open(source, aside, now, options);
    await older.refresh();
    return { client: older, seen, reason: error.reason };
  }
}

/**
 * @param {Client} client
 * @param {Map<string, string>} withdrawn
 * @param {Seen | null} seen
 * @param {Options} options
 */
async function judgeAll(client, withdrawn, seen, options) {
  const judgements = [];
  const files = new Set();
  for (const held of await editionsOf(client, options)) {
    if ("verdict" in held) {
      judgements.push(held);
    } else {
      judgements.push(await judge(client, held, withdrawn, seen));
      files.add(client.targetFile(held));
    }
  }
  return { judgements, files };
}

/**
 * Return every edition that its own publisher vouches for; for a publisher not to be believed, that.
 *
 * Of roles from which nothing is wanted nothing is read: a chain holds one locale's alone.
 * @param {Client} client
 * @param {Options} options
 */
async function editionsOf(client, { chosen = null, places = null }) {
  /** @type {(TargetFile | Judgement)[]} */
  const found = [];
  for (const role of delegatedBy(client.trusted.believed("targets").body)) {
    const folder = `targets/${role.replaceAll("-", "/")}/`;
    const isChosen = !chosen || [...chosen].some((file) => file.startsWith(folder));
    const isPlaced = !places || [...places].some((place) => role.split("-").pop() === String(place));
    if (role === WITHDRAWALS || !isChosen || !isPlaced) continue;
    try {
      await client.take(role, "targets");
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      const { verdict, reason } = error;
      found.push({ path: `${role}/*`, verdict, version: 0, reason, digest: "" });
      continue;
    }
    const { targets } = client.trusted.believed(role).body;
    for (const [path, info] of [...targets].sort((a, b) => byCodePoints(a[0], b[0]))) {
      const isHeld = !chosen || chosen.has(client.targetFile(info));
      if (isHeld && (await client.vouches(role, path))) found.push(info);
    }
  }
  return found;
}

/**
 * @param {Client} client
 * @param {TargetFile} info
 * @param {Map<string, string>} withdrawn
 * @param {Seen | null} seen
 * @returns {Promise<Judgement>}
 */
async function judge(client, info, withdrawn, seen) {
  const version = said(info, VERSION);
  const known = {
    path: info.path,
    version: typeof version === "number" ? version : 0,
    digest: digestOf(info),
  };
  try {
    const content = await client.readTarget(info);
    if (!content && !withdrawn.has(known.digest)) { // a host lets go of what was called back
      return { ...known, verdict: Verdict.DAMAGED, reason: `${info.path} is missing` };
    }
  } catch (error) {
    if (!(error instanceof TrustError)) throw error;
    return { ...known, verdict: error.verdict, reason: error.reason };
  }
  const { expired: ended, now } = client.trusted;
  const newest = seen ?? { targets: new Map([[info.path, info]]), ended };
  const [verdict, reason] = compared(info.path, known.digest, withdrawn, newest, now);
  return { ...known, verdict, reason };
}

/**
 * Return every digest that was ever called back, each with the code of its reason.
 * @param {Client} client
 * @param {Memory} memory
 * @throws {TrustError} when the list can't be believed; then nothing on the shelf is
 */
async function withdrawnOf(client, memory) {
  await client.take(WITHDRAWALS, "targets");
  const { targets } = client.trusted.believed(WITHDRAWALS).body;
  const folder = `${WITHDRAWALS}/`;
  /** @type {Map<string, string>} */
  const listed = new Map();
  for (const [path, info] of targets) {
    const digest = path.startsWith(folder) ? path.slice(folder.length) : path;
    listed.set(digest, String(said(info, REASON) ?? ""));
  }
  await memory.keepWithdrawn(listed);
  return memory.recallWithdrawn();
}
