// Assertions that run everywhere, browsers included.

export function ok(value, message = 'expected something true') {
  if (!value) throw new Error(message);
}

export function equal(actual, expected, message = '') {
  if (!same(actual, expected)) {
    throw new Error(`${message}\n  actual:   ${show(actual)}\n  expected: ${show(expected)}`);
  }
}

export function match(text, pattern) {
  ok(pattern.test(text), `${show(text)} does not match ${pattern}`);
}

/** The error that `promise` rejects with. */
export async function rejection(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}

function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (isMoment(a)) return a.toJSON() === b.toJSON();
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
  );
}

/** Dates and objects of Temporal have no properties of their own. */
function isMoment(value) {
  return value instanceof Date || String(value[Symbol.toStringTag]).startsWith('Temporal.');
}

function show(value) {
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}n` : inner));
}
