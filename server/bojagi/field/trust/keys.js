/**
 * Keys and the roles that name them, as root and targets hold them (TUF, section 4.3).
 *
 * What always holds: a role needs at least one signature and names no key twice. Keys of every kind
 * python-tuf knows may stand in metadata; only Ed25519 ones verify anything here (`signature.js`).
 */

import { damaged } from "./verdicts.js";
import { distinctTextsOf, eachOf, fieldsOf, integerOf, textOf } from "./fields.js";

/**
 * @typedef {object} Key
 * @property {string} kind its type and scheme, "ed25519/ed25519"
 * @property {string} publicKey as it is written; of Ed25519, base 16
 */

/**
 * @typedef {object} Role
 * @property {string[]} keyIds
 * @property {number} threshold how many of them must sign
 */

const NIST = ["nistp256", "nistp384", "nistp521"].map((curve) => `ecdsa-sha2-${curve}`);

const KINDS = new Set([
  "ed25519/ed25519",
  ...NIST.flatMap((scheme) => [`ecdsa/${scheme}`, `${scheme}/${scheme}`]),
  ...["256", "384", "512"].flatMap((bits) => [
    `rsa/rsassa-pss-sha${bits}`,
    `rsa/rsa-pkcs1v15-sha${bits}`,
  ]),
  ...["44", "65", "87"].map((size) => `ml-dsa/ml-dsa-${size}/1`),
]);

/**
 * @param {unknown} value
 * @returns {Map<string, Key>}
 */
export function keysOf(value) {
  return eachOf(value, "keys", (each) => {
    const fields = fieldsOf(each, "a key");
    const kind = `${textOf(fields.get("keytype"), "keytype")}/${textOf(fields.get("scheme"), "scheme")}`;
    if (!KINDS.has(kind)) throw damaged(`a key of the kind ${kind}`);
    const publicKey = textOf(fieldsOf(fields.get("keyval"), "keyval").get("public"), "public");
    return { kind, publicKey };
  });
}

/**
 * @param {unknown} value
 * @returns {Role}
 */
export function roleOf(value) {
  const fields = fieldsOf(value, "a role");
  return {
    keyIds: distinctTextsOf(fields.get("keyids"), "keyids"),
    threshold: integerOf(fields.get("threshold"), "threshold", 1),
  };
}
