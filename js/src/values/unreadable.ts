/** Why a value cannot be given to the program; of which column is known to whoever reads rows. */
export class Unreadable extends Error {
  constructor(why: string, cause: unknown) {
    super(why, { cause });
  }
}
