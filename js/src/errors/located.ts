import { fromEngine, isEngineFailure } from './from-engine.js';

/**
 * The Error of a failure, made where it is thrown to the program: in an `async` method, so that its stack goes on
 * with whoever awaits it, and a query that succeeds pays nothing for that.
 */
export function located(failure: unknown): unknown {
  // What constructors of the core throw is still JSON.
  const told: unknown = typeof failure === 'string' ? JSON.parse(failure) : failure;
  return isEngineFailure(told) ? fromEngine(told) : failure;
}
