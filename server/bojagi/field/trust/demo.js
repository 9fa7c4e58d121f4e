/**
 * What tells a demo: everybody has its keys, so what they sign proves nothing (`trust/demo.py`).
 *
 * What always holds: the mark is the key id of the Python side; a test compares the two.
 */

/** The id of a key that has a say in the root of every demo. */
const MARK = "98d9a2acf7c17d39a942f6175c8e6c7cf2909fed6bfa968586ced2abf233e1ba";

/**
 * Whether the demos' own key has a say in a root: then anybody could sign below it.
 * @param {import("./metadata.js").Root} root
 */
export const isDemo = (root) => root.keys.has(MARK);
