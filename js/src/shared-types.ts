import type { SharedTypes as CoreSharedTypes } from './engine/core.js';
import type { Instance } from './engine/instance.js';

/**
 * What is known of a database's own types (enums, composites, domains, those of extensions) by all connections that
 * share it, so that one of them asks the catalog and the others know. They must be connections to one database.
 *
 * ```ts
 * const sharedTypes = new SharedTypes();
 * const first = await connect(url, { sharedTypes });
 * const second = await connect(url, { sharedTypes });
 * ```
 */
export class SharedTypes {
  #instance: Instance | undefined;
  #types: CoreSharedTypes | undefined;

  /**
   * Forgets all of it: all connections that share it ask again. After an `alter type`; what was made since is learned
   * without it.
   */
  forgetAll(): void {
    try {
      this.#types?.forgetAll();
    } catch (error) {
      this.#instance?.fail(error);
      this.#types = undefined;
    }
  }

  /**
   * What the core knows it as. An instance that failed takes what was known with it: nothing is known in the next one.
   *
   * @internal
   */
  within(instance: Instance): CoreSharedTypes {
    if (this.#types === undefined || this.#instance !== instance) {
      this.#instance = instance;
      this.#types = new instance.core.SharedTypes();
    }
    return this.#types;
  }
}
