/**
 * One case of each kind, through the browser's rules; twin of `tests/vectors/trust/replaying.py`.
 * Every function returns what the case gives, in the form in which Python wrote it down.
 */

import * as fold from "/field/search/fold.js";
import { sha256 } from "/field/trust/bytes.js";
import { encodeCanonical } from "/field/trust/canonical.js";
import { chainName, ChainSource, parseChain } from "/field/trust/chain.js";
import { Client, NoMemory } from "/field/trust/client.js";
import { Delegations } from "/field/trust/delegations.js";
import { isInPattern } from "/field/trust/glob.js";
import { parseJson } from "/field/trust/json.js";
import { AnotherKeyError, openSealed, openWithPassphrase } from "/field/trust/sealing.js";
import { verifySignature } from "/field/trust/signature.js";
import { damaged, TrustError, VERDICT_NAMES } from "/field/trust/verdicts.js";
import { verify } from "/field/trust/verifier.js";
import { bytesFromParts } from "./contents.js";

/** @typedef {import("./contents.js").Contents} Contents */

/** @type {Map<string, Promise<boolean>>} */
const verified = new Map();

/**
 * Verify a signature once: stories begin alike, and tweetnacl takes ten milliseconds for each.
 * @type {import("../../../server/bojagi/field/trust/signature.js").Verify}
 */
function verifyOnce(key, signature, signed) {
  const name = JSON.stringify([key, signature, new TextDecoder("latin1").decode(signed)]);
  const answer = verified.get(name) ?? verifySignature(key, signature, signed);
  verified.set(name, answer);
  return answer;
}

class FilesSource {
  /** @param {Map<string, Uint8Array>} files */
  constructor(files) {
    this.files = files;
    /** @type {string[]} */
    this.reads = [];
  }

  /**
   * @param {string} path
   * @param {number} limit
   */
  async read(path, limit) {
    this.reads.push(`${path} ${limit}`);
    const data = this.files.get(path) ?? null;
    if (data && data.length > limit) throw damaged(`${path} is longer than the ${limit} bytes it may have`);
    return data;
  }
}

class KeepingMemory extends NoMemory {
  /** @type {Map<string, Uint8Array>} */
  kept = new Map();

  /**
   * @param {string} role
   * @param {Uint8Array} data
   */
  async keep(role, data) {
    await super.keep(role, data);
    this.kept.set(role, data);
  }
}

/**
 * @param {any} each
 * @param {Contents} contents
 */
export async function reading(each, contents) {
  const source = new FilesSource(filesOf(each.files, contents));
  const memory = new KeepingMemory(filesOf(each.memory, contents));
  /** @type {Client | null} */
  let client = null;
  const steps = [];
  for (const step of each.steps) {
    steps.push(
      await answerOf(async () => {
        if (step.do !== "open") return doStep(/** @type {Client} */ (client), step);
        const options = { strict: each.strict, verify: verifyOnce };
        client = await Client.open(source, memory, Date.parse(each.now), options);
        return "ok";
      }),
    );
  }
  return { steps, reads: source.reads, kept: await namesOf(memory.kept, contents), ...stateOf(client) };
}

/**
 * @param {Client} client
 * @param {any} step
 */
async function doStep(client, step) {
  if (step.do === "refresh") return client.refresh().then(() => "ok");
  if (step.do === "find") {
    const info = await client.find(step.target);
    return info && { path: info.path, length: info.length, hashes: Object.fromEntries(info.hashes) };
  }
  const { path, length, hashes } = step.info;
  const data = await client.content({ path, length, hashes: new Map(Object.entries(hashes)) });
  return { sha256: await sha256(data) };
}

/** @param {Client | null} client */
function stateOf(client) {
  if (!client) return { believed: {}, expired: {} };
  const { root, timestamp, snapshot, roles, expired } = client.trusted;
  /** @type {[string, {version: number} | null][]} */
  const all = [["root", root], ["timestamp", timestamp], ["snapshot", snapshot], ...roles];
  return {
    believed: Object.fromEntries(
      all.flatMap(([role, known]) => (known ? [[role, known.version]] : [])),
    ),
    expired: Object.fromEntries(
      [...expired].map(([role, day]) => [role, new Date(day).toISOString().replace(".000Z", "Z")]),
    ),
  };
}

/**
 * @param {any} each
 * @param {Contents} contents
 */
export async function report(each, contents) {
  return reportFrom(each, contents, (source) => source);
}

/**
 * A report of a repository that is read through the chain of a locale.
 * @param {any} each
 * @param {Contents} contents
 */
export async function chained(each, contents) {
  return reportFrom(each, contents, (source) => new ChainSource(source, each.place));
}

/**
 * @param {any} each
 * @param {Contents} contents
 * @param {(source: FilesSource) => import("../../../server/bojagi/field/trust/client.js").Source} through
 */
async function reportFrom(each, contents, through) {
  const source = new FilesSource(filesOf(each.files, contents));
  const withdrawn = new Map(Object.entries(each.withdrawn));
  const memory = new KeepingMemory(filesOf(each.memory, contents), withdrawn);
  const found = await verify(through(source), memory, Date.parse(each.clock), each.built, {
    verify: verifyOnce,
    chosen: each.chosen && new Set(each.chosen),
  });
  return {
    report: {
      verdict: VERDICT_NAMES[found.verdict],
      reason: reasonOf(found),
      newest_signed: found.newestSigned,
      had_memory: found.hadMemory,
      demo: found.demo,
      files: [...found.files].sort(),
      judgements: found.judgements.map((one) => [
        one.path,
        VERDICT_NAMES[one.verdict],
        one.version,
        reasonOf(one),
        one.digest,
      ]),
    },
    reads: source.reads,
    kept: await namesOf(memory.kept, contents),
    withdrawn: Object.fromEntries(memory.withdrawn),
  };
}

/**
 * Only the verdicts of a report, for cases of which the rest may differ.
 * @param {any} each
 * @param {Contents} contents
 */
export async function verdicts(each, contents) {
  const { report: found } = await report(each, contents);
  return [found.verdict, ...found.judgements.map((one) => [one[0], one[1]])];
}

/** @param {any} each */
export async function canonical(each) {
  return answerOf(async () => {
    const written = encodeCanonical(parseJson(bytesFromParts(each.raw)));
    return { canonical: partsOf(written, each.gives) };
  });
}

/** @param {any} each */
export async function signature(each) {
  const key = { kind: "ed25519/ed25519", publicKey: each.key };
  return verifySignature(key, each.signature, new TextEncoder().encode(each.signed));
}

/** @param {any} each */
export async function pattern(each) {
  return each.paths.filter((/** @type {string} */ path) => isInPattern(path, each.pattern));
}

/** @param {any} each */
export async function bin(each) {
  const rule = { keyids: [], threshold: 1 };
  const fields = each.bits
    ? { succinct_roles: { ...rule, bit_length: each.bits, name_prefix: "가-b" } }
    : { roles: [{ ...rule, name: "a", terminating: false, path_hash_prefixes: each.prefixes }] };
  const raw = new TextEncoder().encode(JSON.stringify({ keys: {}, ...fields }));
  const delegations = new Delegations(parseJson(raw));
  const found = [];
  for (const path of each.paths) {
    for await (const { name } of delegations.rolesFor(path)) {
      if (!delegations.rule(name)) throw new Error(`${name} isn't delegated`);
      found.push(each.bits ? name : path);
    }
  }
  return found;
}

/** @param {any} each */
export async function sealing(each) {
  const sealed = bytesFromParts(each.sealed);
  return answerOf(async () => {
    const content = each.secret
      ? await openSealed(sealed, fromHex(each.secret), each.limit)
      : await openWithPassphrase(sealed, each.passphrase, each.limit);
    return { sha256: await sha256(content), length: content.length };
  });
}

/** @param {any} each */
export async function chain(each) {
  return answerOf(async () => {
    const files = parseChain(bytesFromParts(each.raw));
    if (files.size > 9) return files.size;
    const digests = [...files].map(async ([name, data]) => [name, await sha256(data)]);
    return Object.fromEntries(await Promise.all(digests));
  });
}

/** @param {any} each */
export async function chainNames(each) {
  return chainName(bytesFromParts(each.raw));
}

/** @param {() => Promise<any>} play */
async function answerOf(play) {
  try {
    return await play();
  } catch (error) {
    if (error instanceof TrustError) return VERDICT_NAMES[error.verdict];
    if (error instanceof AnotherKeyError) return "ANOTHER_KEY";
    throw error;
  }
}

/** @param {{verdict: number, reason: string}} found */
const reasonOf = ({ verdict, reason }) => (VERDICT_NAMES[verdict] === "DAMAGED" ? "" : reason);

/** @param {string} hex */
const fromHex = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

/**
 * @param {Record<string, string>} names
 * @param {Contents} contents
 */
const filesOf = (names, contents) =>
  new Map(Object.entries(names).map(([path, name]) => [path, contents.get(name)]));

/**
 * @param {Map<string, Uint8Array>} files
 * @param {Contents} contents
 */
async function namesOf(files, contents) {
  const named = [...files].map(async ([role, data]) => [role, await contents.nameOf(data)]);
  return Object.fromEntries(await Promise.all(named));
}

/**
 * Write bytes as the parts that are expected, when they are those bytes.
 * @param {Uint8Array} bytes
 * @param {any} expected
 */
function partsOf(bytes, expected) {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const wanted = expected?.canonical ? bytesFromParts(expected.canonical) : new Uint8Array(0);
  const isSame = wanted.length === bytes.length && wanted.every((byte, at) => byte === bytes[at]);
  return isSame ? expected.canonical : [text];
}

/** @param {{text: string}} each */
export async function searchFold({ text }) {
  return fold.searchFold(text);
}

/** @param {{text: string}} each */
export async function searchInitials({ text }) {
  return fold.searchInitials(text);
}
