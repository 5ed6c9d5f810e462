// SPDX-License-Identifier: Apache-2.0
// What a client can learn by a stopwatch: prints how long a call takes for something that exists and for something that does not.
//   node tests/server/timing.mjs [ROUNDS]      (300 by default; logins a tenth of that, each an Argon2id)
import { databases } from './databases.mjs';
import { Resident } from './resident.mjs';
import { makeDataFolder, Server } from './server.mjs';
import { post, withPassword } from './staff.mjs';
import { enrolColour, prove, tickets } from './wallet.mjs';

const rounds = Number(process.argv[2] ?? 300);

async function milliseconds(call) {
  const started = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - started) / 1e6;
}

const quantile = (times, q) => times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * q)];

/** Both by turns, so that whatever else the machine does falls on both. */
async function compare(name, count, known, unknown) {
  const times = [[], []];
  for (let round = 0; round < count; round += 1)
    for (const which of round % 2 ? [0, 1] : [1, 0]) times[which].push(await milliseconds(await [known, unknown][which](round)));
  const cells = times.flatMap((each) => [0.25, 0.5, 0.75].map((q) => quantile(each, q).toFixed(2)));
  console.log(`| ${name} | ${cells.slice(0, 3).join(' · ')} | ${cells.slice(3).join(' · ')} |`);
}

for (const database of databases.filter(({ skip }) => !skip)) {
  const resident = new Resident();
  const data = makeDataFolder();
  const server = await new Server(data, { database: database.make(data) }).listening();
  const person = await enrolColour(server, resident, 'green');
  const stranger = await resident.do('newKey');
  const [{ ticket }] = await tickets(server);
  await enrolColour(server, resident, 'yellow');
  await withPassword(server, 'known', 'reviewer');
  /** Signs before the clock starts. */
  const asking = (path, key, body = {}) => async () => {
    const proof = await prove(server, resident, key);
    return () => server.post(path, { proof, ...body });
  };
  console.log(`\n${database.name}, milliseconds: quartiles of ${rounds} calls\n\n| call | exists | does not |\n|---|---|---|`);
  await compare('state: device enrolled or not', rounds, asking('/api/state', person.key), asking('/api/state', stranger.key));
  const other = (await resident.do('newKey')).key;
  await server.post('/api/enrol', { ticket, proof: await prove(server, resident, other) });
  await compare('enrol: ticket taken or none', rounds, asking('/api/enrol', stranger.key, { ticket }),
    asking('/api/enrol', stranger.key, { ticket: 'AAAAAAAAAAAAAAAA' }));
  const login = (name) => async (round) => () => post(server, '/sessions/password', { name: `${name}`, password: `wrong password ${round}`, totp: '000000' });
  await compare('sign in: name known or not', 4, login('known'), login('nobody'));
  resident.close();
  await server.kill();
}
