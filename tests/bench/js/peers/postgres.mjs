// postgres.js as its users run it: tagged templates, prepared by default; one connection for each instance.
import postgres from 'postgres'

export async function connect(url, { sql, parameters }) {
  const connection = postgres(url, { max: 1 })
  // What a tagged template is called with: the texts between the parameters, then those.
  const texts = sql.split(/\$\d+/)
  texts.raw = texts
  return {
    query: () => connection(texts, ...parameters),
    close: () => connection.end(),
  }
}
