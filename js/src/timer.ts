/** The longest that `setTimeout` takes, in milliseconds: 24 days. More than that would fire at once. */
export const LONGEST_TIMER = 0x7fff_ffff;
