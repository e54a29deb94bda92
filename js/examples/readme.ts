import { connect } from "trunkline";

export async function example(url: string): Promise<string[]> {
  const connection = await connect(url);
  await connection.execute("create temp table users (id serial primary key, name text, tags text[])");
  const id = await connection.fetchVal<number>(
    "insert into users (name, tags) values ($1, $2) returning id",
    ["Ada", ["maths", "engines"]],
  );

  const rows = await connection.fetch<{ name: string; tags: string[] }>(
    "select id, name, tags from users where id = $1",
    [id],
  );
  await connection.close();
  return rows.map((row) => `${row.name} likes ${row.tags.join(" and ")}`);
}
