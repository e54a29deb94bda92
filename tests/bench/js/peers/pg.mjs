// pg as its users run it: a Client for each connection, statements prepared by name.
import pg from 'pg'

export async function connect(url, { sql, parameters, inFlight }) {
  const client = new pg.Client({ connectionString: url, pipeline: inFlight > 1 })
  await client.connect()
  return {
    query: async () => (await client.query({ name: 'bench', text: sql, values: parameters })).rows,
    close: () => client.end(),
  }
}
