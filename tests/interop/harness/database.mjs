// The database of one server under test: a folder for SQLite, a fresh database for PostgreSQL.
import { randomBytes } from 'node:crypto';

/** The engine of this run: `MUSTER_ENGINE`, by default sqlite. */
export function engine() {
  const name = process.env.MUSTER_ENGINE ?? 'sqlite';
  if (!['sqlite', 'postgres'].includes(name)) throw new Error(`MUSTER_ENGINE: "${name}" is neither sqlite nor postgres`);
  return name;
}

/** A fresh PostgreSQL database: its URL and how it is dropped. */
export async function freshDatabase() {
  const admin = process.env.MUSTER_TEST_POSTGRES_URL;
  if (!admin) throw new Error('MUSTER_ENGINE=postgres needs MUSTER_TEST_POSTGRES_URL, a database in which others can be made');
  const name = `muster_interop_${randomBytes(6).toString('hex')}`;
  await run(admin, `CREATE DATABASE ${name} ENCODING 'UTF8' TEMPLATE template0`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function run(connectionString, statement) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
