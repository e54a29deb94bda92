// Connections for the time of a test, and places of its own for what it makes.

import process from 'node:process';

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

/** The same with a database, which extensions can be made in; gives the option that leads there. */
export async function withDatabase(url, name, sql, use) {
  const database = `trunkline_${name}_${process.pid}`;
  await within(url, {}, (db) => db.execute(`create database ${database} template template0 encoding 'UTF8' locale 'C'`));
  try {
    await within(url, { database }, (db) => db.executeScript(sql));
    return await use(database);
  } finally {
    await within(url, {}, (db) => db.execute(`drop database ${database} with (force)`));
  }
}
