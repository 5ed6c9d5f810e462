// SPDX-License-Identifier: Apache-2.0
// The databases that the same tests run on: SQLite, and a PostgreSQL server of their own where Debian's is installed.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const kInstalled = '/usr/lib/postgresql';

/** The programs of the newest PostgreSQL that is installed. */
function findPrograms() {
  if (!existsSync(kInstalled)) return undefined;
  const newest = readdirSync(kInstalled).sort((a, b) => Number(b) - Number(a))[0];
  const folder = join(kInstalled, newest ?? '', 'bin');
  return existsSync(join(folder, 'initdb')) ? folder : undefined;
}

/** PostgreSQL does not run as root: then it runs as the user that Debian's package makes. */
function owner() {
  if (process.getuid() !== 0) return {};
  const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))[0].split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** A PostgreSQL server in a temporary folder, reached by a socket there; it ends with this process. */
export class PostgreSql {
  #folder = mkdtempSync(join(tmpdir(), 'liangma-postgres-'));
  #child;
  #databases = 0;

  static programs = findPrograms();

  constructor() {
    const as = owner();
    if (as.uid !== undefined) chownSync(this.#folder, as.uid, as.gid);
    const run = (name, ...options) =>
      execFileSync(join(PostgreSql.programs, name), options, { ...as, cwd: this.#folder, stdio: 'pipe' });
    run('initdb', '--pgdata', join(this.#folder, 'data'), '--username', 'liangma', '--auth', 'trust', '--no-sync',
      '--encoding', 'UTF8', '--locale', 'C.UTF-8');
    this.#child = spawn(join(PostgreSql.programs, 'postgres'),
      ['-D', join(this.#folder, 'data'), '-k', this.#folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
      { ...as, cwd: this.#folder, stdio: 'ignore' });
    this.#child.unref();
    process.on('exit', () => this.stop());
    this.#query = (database, ...statements) =>
      run('psql', '--host', this.#folder, '--username', 'liangma', '--dbname', database, '--quiet', '--no-align',
        '--tuples-only', '--set', 'ON_ERROR_STOP=1', ...statements.flatMap((each) => ['--command', each])).toString();
    this.#waitUntilReady();
  }

  #query;

  #waitUntilReady() {
    for (let tries = 0; ; tries += 1) {
      try {
        this.#query('postgres', 'SELECT 1');
        return;
      } catch (error) {
        if (tries > 100) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      }
    }
  }

  /** Makes an empty database. @returns its address */
  makeDatabase() {
    this.#databases += 1;
    const name = `test${this.#databases}`;
    this.#query('postgres', `CREATE DATABASE ${name}`);
    return `postgresql:///${name}?host=${this.#folder}&user=liangma`;
  }

  /** Ends every connection to the databases of the tests, as a restart does. */
  disconnectEverybody() {
    this.#query('postgres', "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test%'");
  }

  stop() {
    this.#child.kill('SIGQUIT');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

let postgres;
function sharedPostgres() {
  postgres ??= new PostgreSql();
  return postgres;
}

/**
 * What a suite is run on: a name, whether to skip it, and what makes the address of a new database.
 *
 * @param data  the folder of the server, where a SQLite file goes
 */
export const databases = [
  { name: 'SQLite', skip: false, make: (data) => `sqlite:${data}/authority.sqlite` },
  {
    name: 'PostgreSQL',
    skip: PostgreSql.programs ? false : 'skipped, no PostgreSQL',
    make: () => sharedPostgres().makeDatabase(),
    server: sharedPostgres,
  },
];
