/**
 * What a verifier may say of an edition; twin of `domain/verdicts.py`.
 *
 * What always holds: the lower the number, the worse. `CURRENT` means genuine and current, which does
 * not mean safe. A `TrustError` is an answer; any other error is a bug and is never caught here.
 */

/**
 * @enum {number}
 */
export const Verdict = Object.freeze({
  /** Not the signed bytes. */
  DAMAGED: 0,
  /** No chain to the pinned root. */
  NOT_OURS: 1,
  /** Its publisher has called it back. */
  WITHDRAWN: 2,
  /** A newer one was seen. */
  OLDER_THAN_YOURS: 3,
  /** Its `review_by`, or its metadata's expiry, has passed. */
  OLD: 4,
  CURRENT: 5,
});

/** The verdicts' names, worst first: `VERDICT_NAMES[Verdict.OLD]` is "OLD". */
export const VERDICT_NAMES = Object.freeze(Object.keys(Verdict));

/**
 * Return the verdict that counts for the whole; `NOT_OURS` when there is none at all.
 * @param {number[]} verdicts
 */
export function worst(verdicts) {
  return verdicts.length ? Math.min(...verdicts) : Verdict.NOT_OURS;
}

/** Something that may not be believed. */
export class TrustError extends Error {
  /**
   * @param {number} verdict what is known of it
   * @param {string} reason what was wrong, for a person
   */
  constructor(verdict, reason) {
    super(`${VERDICT_NAMES[verdict]}: ${reason}`);
    this.name = "TrustError";
    this.verdict = verdict;
    this.reason = reason;
  }
}

/**
 * Return a `TrustError` for bytes that aren't what they should be.
 * @param {string} reason
 */
export const damaged = (reason) => new TrustError(Verdict.DAMAGED, reason);
