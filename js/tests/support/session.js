// Connections for the time of a test, and places of its own for what it makes.

import process from 'node:process';
import { after, before } from 'node:test';

import { connect } from 'trunkline';

/** Connects, and closes when `use` has ended; gives what that gave. */
export async function within(url, options, use) {
  const db = await connect(url, options);
  try {
    return await use(db);
  } finally {
    await db.close();
  }
}

/** A schema that nobody else has, with what `sql` makes in it, for the time of `use(schema)`. */
export async function withSchema(url, name, sql, use) {
  const schema = `${name}_${process.pid}`;
  await within(url, {}, (db) => db.executeScript(`create schema ${schema}; set search_path = ${schema}; ${sql}`));
  try {
    return await use(schema);
  } finally {
    await within(url, {}, (db) => db.executeScript(`set client_min_messages = error; drop schema ${schema} cascade`));
  }
}

/** The name of a database for all tests of a suite, in which they can make extensions. */
export function databaseOfItsOwn(url, name) {
  const database = `trunkline_${name}_${process.pid}`;
  const like = `template template0 encoding 'UTF8' locale 'C'`;
  before(() => within(url, {}, (db) => db.execute(`create database ${database} ${like}`)));
  after(() => within(url, {}, (db) => db.execute(`drop database ${database} with (force)`)));
  return database;
}
