/**
 * Whether a path is in a pattern of paths: Python's `fnmatchcase`, segment by segment, as TUF's path
 * patterns are read (section 4.5, "paths").
 *
 * What always holds: `*` and `?` never cross a `/`; a match takes time in proportion to path times
 * pattern at most, whatever a publisher wrote.
 *
 * Example: "1/0/7" is in "1/0/*"; "1/0/7/8" and "1/00/7" aren't.
 */

/**
 * @typedef {(sign: string) => boolean} Fits whether one character fits a place in a pattern
 */

/** @type {unique symbol} */
const ANY = Symbol("any characters, also none");

/**
 * @param {string} path
 * @param {string} pattern
 */
export function isInPattern(path, pattern) {
  const names = path.split("/");
  const patterns = pattern.split("/");
  return (
    names.length === patterns.length &&
    names.every((name, place) => fits(Array.from(name), placesOf(patterns[place])))
  );
}

/**
 * @param {string[]} signs
 * @param {(Fits | typeof ANY)[]} places
 */
function fits(signs, places) {
  let [at, place, star, taken] = [0, 0, -1, 0];
  while (at < signs.length) {
    const fit = places[place];
    if (fit === ANY) {
      star = place;
      taken = at;
      place += 1;
    } else if (fit !== undefined && fit(signs[at])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      taken += 1; // the last star takes one more
      at = taken;
      place = star + 1;
    } else return false;
  }
  return places.slice(place).every((fit) => fit === ANY);
}

/**
 * @param {string} pattern
 * @returns {(Fits | typeof ANY)[]}
 */
function placesOf(pattern) {
  const signs = Array.from(pattern);
  /** @type {(Fits | typeof ANY)[]} */
  const places = [];
  for (let at = 0; at < signs.length; at += 1) {
    const sign = signs[at];
    const end = sign === "[" ? endOfSet(signs, at + 1) : -1;
    if (sign === "*") places.push(ANY);
    else if (sign === "?") places.push(() => true);
    else if (end > 0) {
      places.push(setOf(signs.slice(at + 1, end)));
      at = end;
    } else places.push((other) => other === sign);
  }
  return places;
}

/**
 * Return where a set closes; a "]" that stands first is one of its characters.
 * @param {string[]} signs
 * @param {number} start
 */
function endOfSet(signs, start) {
  const first = signs[start] === "!" ? start + 1 : start;
  return signs.indexOf("]", signs[first] === "]" ? first + 1 : first);
}

/**
 * @param {string[]} inside what stands between the brackets
 * @returns {Fits}
 */
function setOf(inside) {
  const isNegated = inside[0] === "!";
  const signs = isNegated ? inside.slice(1) : inside;
  /** @type {[number, number][]} */
  const ranges = [];
  for (let at = 0; at < signs.length; at += 1) {
    const isRange = signs[at + 1] === "-" && at + 2 < signs.length;
    ranges.push([pointOf(signs[at]), pointOf(signs[isRange ? at + 2 : at])]);
    if (isRange) at += 2;
  }
  return (sign) =>
    ranges.some(([low, high]) => low <= pointOf(sign) && pointOf(sign) <= high) !== isNegated;
}

/** @param {string} sign */
const pointOf = (sign) => /** @type {number} */ (sign.codePointAt(0));
