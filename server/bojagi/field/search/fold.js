/**
 * One search key for one word, whichever Korean it is written in; never for display.
 *
 * The twin of Python's `domain/hangul/fold.py`, which says why each step is there and in which
 * order; both are held to the same vectors.
 */

import { LOANWORD_PAIRS, SPELLING_PAIRS, WORD_START_PAIRS } from "./fold_pairs.js";

const FIRST = 0xac00;
const LAST = 0xd7a3;
const FINALS = 28;
const VOWELS = 21;
const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const [N, R, SILENT] = ["ㄴ", "ㄹ", "ㅇ"].map((letter) => INITIALS.indexOf(letter));
/** ㅏ ㅐ ㅗ ㅚ ㅜ ㅡ and ㅣ ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ, by their places in Unicode's order of vowels. */
const TO_N = new Set([0, 1, 8, 11, 13, 18]);
const TO_SILENT = new Set([20, 2, 3, 6, 7, 12, 17]);

const WHOLE_SYLLABLES = new Map(Object.entries({
  페: "폐", 헤: "혜", 여: "어", 였: "었", 해: "하어", 했: "하었", 돼: "되어", 됐: "되었",
}));

const INITIAL_KEYS = new Map(Object.entries({
  ㄲ: "ㄱ", ㄸ: "ㄷ", ㅃ: "ㅂ", ㅆ: "ㅅ", ㅉ: "ㅈ", ㄴ: "ㅇ", ㄹ: "ㅇ",
  ㄳ: "ㄱㅅ", ㄵ: "ㅇㅈ", ㄶ: "ㅇㅎ", ㄺ: "ㅇㄱ", ㄻ: "ㅇㅁ", ㄼ: "ㅇㅂ",
  ㄽ: "ㅇㅅ", ㄾ: "ㅇㅌ", ㄿ: "ㅇㅍ", ㅀ: "ㅇㅎ", ㅄ: "ㅂㅅ",
}));

const FORMAT = /\p{Cf}/gu;
const SEPARATORS = /[\p{Z}\p{P}\p{Cc}~∼～≪≫<>]/gu;
const CONJOINING_INITIAL = /[\u1100-\u1112]/g;

/** @param {string} syllable */
function foldSyllable(syllable) {
  const place = syllable.charCodeAt(0) - FIRST;
  const initial = Math.floor(place / FINALS / VOWELS);
  const vowel = Math.floor(place / FINALS) % VOWELS;
  let folded = initial;
  if (initial === R && TO_N.has(vowel)) folded = N;
  else if ((initial === R || initial === N) && TO_SILENT.has(vowel)) folded = SILENT;
  const plain = String.fromCharCode(place + FIRST + (folded - initial) * VOWELS * FINALS);
  return WHOLE_SYLLABLES.get(plain) ?? plain;
}

/** @param {string} text */
function foldSyllables(text) {
  return text.replace(/[가-힣]/g, foldSyllable);
}

/**
 * Return a function that replaces whole strings in one pass, the longest that fits first.
 * @param {[string, string][]} pairs what is replaced, and by what
 * @param {boolean} [wordStart] only where no Hangul syllable stands before
 */
function replacement(pairs, wordStart = false) {
  const table = new Map(pairs);
  const forms = [...table.keys()].sort((one, other) => other.length - one.length
    || (one < other ? -1 : 1));
  const pattern = new RegExp((wordStart ? "(^|[^가-힣])" : "()") + `(${forms.join("|")})`, "gu");
  return (/** @type {string} */ text) => text.replace(
    pattern, (_, before, form) => before + table.get(form),
  );
}

const replaceAtWordStart = replacement(/** @type {[string, string][]} */ (WORD_START_PAIRS), true);
const replacePairs = replacement([
  ...LOANWORD_PAIRS.map(([north, south]) => [north, south]),
  ...SPELLING_PAIRS.map(([north, south]) => [south, north]),
].map(([replaced, kept]) => [foldSyllables(replaced), foldSyllables(kept)]));
const shorten = replacement([["하어", "해"], ["하었", "했"], ["되어", "돼"], ["되었", "됐"]]);

/**
 * @param {string} text
 * @returns {string[]} its words, folded
 */
function foldedWords(text) {
  const lower = text.replace(FORMAT, "").normalize("NFC").toLowerCase();
  return lower.replace(SEPARATORS, " ").split(" ").map(
    (word) => replacePairs(foldSyllables(replaceAtWordStart(word))),
  );
}

/**
 * Make the search key of a text; the same for index and query.
 * @param {string} text of either Korean, composed or not
 * @returns {string} without spaces and marks; empty when there was nothing else
 */
export function searchFold(text) {
  return foldedWords(text).join("").normalize("NFC");
}

/**
 * Reduce initials, typed or taken from a text, to the keys both Koreans share.
 * @param {string} initials
 */
export function initialKey(initials) {
  return Array.from(initials, (letter) => INITIAL_KEYS.get(letter) ?? letter).join("");
}

/**
 * Make the key for searching by initial consonants (초성); typed initials give theirs as well.
 * @param {string} text
 */
export function searchInitials(text) {
  return initialKey(initialConsonants(foldedWords(text).map(shorten).join("")));
}

/** @param {string} text */
function initialConsonants(text) {
  return Array.from(
    text.normalize("NFC").replace(
      CONJOINING_INITIAL, (letter) => INITIALS[letter.charCodeAt(0) - 0x1100],
    ),
    (char) => {
      const code = char.charCodeAt(0);
      const isSyllable = char.length === 1 && code >= FIRST && code <= LAST;
      return isSyllable ? INITIALS[Math.floor((code - FIRST) / FINALS / VOWELS)] : char;
    },
  ).join("");
}
