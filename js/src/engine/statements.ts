import type { Engine } from './core.js';
import { KnownStatement } from './known-statement.js';

/** How many statements are remembered by their text. */
const MOST = 1024;

/** The statements of a connection by their SQL, so that the text crosses into the core once. */
export class Statements {
  readonly #engine: Engine;
  readonly #bySql = new Map<string, KnownStatement>();
  readonly #all = new Set<KnownStatement>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get(sql: string): KnownStatement {
    let known = this.#bySql.get(sql);
    if (known === undefined) {
      if (this.#bySql.size >= MOST) this.#evict();
      known = this.add(sql);
      this.#bySql.set(sql, known);
    }
    return known;
  }

  /** A statement of its own, which is not shared with others of the same text. */
  add(sql: string): KnownStatement {
    const known = new KnownStatement(sql, this.#engine.statement(sql));
    this.#all.add(known);
    return known;
  }

  /** Forgets a statement, unless something is under way for it. */
  release(known: KnownStatement): boolean {
    return this.#engine.release(known.number) && this.#all.delete(known);
  }

  /** How parameters are written is to be asked again. */
  forgetHints(): void {
    for (const known of this.#all) known.hints = undefined;
  }

  /** Forgets the oldest that is not under way. */
  #evict(): void {
    for (const [sql, known] of this.#bySql) {
      if (this.release(known)) {
        this.#bySql.delete(sql);
        return;
      }
    }
  }
}
