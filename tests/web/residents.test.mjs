// SPDX-License-Identifier: Apache-2.0
// The package's calls for residents against the real server: declare, appeal, move, add a dependant, print, erase.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { liangma } from './support/cli.mjs';
import { repository } from './support/paths.mjs';
import { DemoServer } from './support/server.mjs';

const dist = join(repository, 'web/sdk/dist/esm');
const { loadWallet, Wallet } = await import(pathToFileURL(join(dist, 'index.js')));
const { nodeHost } = await import(pathToFileURL(join(dist, 'node.js')));

let server;
before(async () => {
  server = await new DemoServer().start();
});
after(() => server.remove());

async function newWallet() {
  const host = nodeHost();
  return Wallet.open({ host, module: await loadWallet(host), server: server.origin });
}

function valueOf(outcome) {
  assert.ok(outcome.ok, outcome.code);
  return outcome.value;
}

/** A wallet with somebody who has this colour, whom nobody else in these tests is. */
async function walletOf(colour, note = '') {
  const wallet = await newWallet();
  const taken = (await server.tickets()).find((one) => one.colour === colour && one.note.includes(note));
  return { wallet, person: valueOf(await wallet.enrol(taken.ticket)) };
}

test('the forms of the region, filled in, turn the colour and the code with it', async () => {
  const { wallet, person } = await walletOf('green');
  const { forms, helpLines } = valueOf(await wallet.place(person.id));
  assert.ok(helpLines.some(({ phone }) => phone === '12345') && helpLines.some(({ phone }) => phone === '120'));
  const health = forms.find(({ id }) => id === 'health');
  const answers = { choice: (field) => field.choices[0].id, 'yes-no': () => false, region: () => '330106' };
  const fields = Object.fromEntries(health.fields.filter(({ required }) => required).map((field) => [field.id, answers[field.type](field)]));
  const well = valueOf(await wallet.declare(person.id, { form: 'health', fields }));
  assert.deepEqual([well.person.colour, well.checkIns], ['green', 1]);
  const contact = valueOf(await wallet.declare(person.id, { form: 'health', fields: { ...fields, contact: true } }));
  assert.equal(contact.person.colour, 'red');
  assert.equal(contact.person.reason.rule, 'CR-330000-CONTACT');
  assert.equal(contact.person.reason.until - contact.person.reason.since, 14 * 86400);
  assert.equal(wallet.people()[0].colour, 'red', 'the code is a red one now');
  assert.equal((await wallet.declare(person.id, { form: 'health', fields: {} })).code, 'declaration.shape');
});

test('an appeal is open once, and known after a question for the own state', async () => {
  const { wallet, person } = await walletOf('yellow');
  const made = valueOf(await wallet.appeal(person.id, '我没有去过'));
  assert.ok(made.deadline > wallet.now());
  assert.equal((await wallet.appeal(person.id, '还是我')).code, 'appeal.already-open');
  const { person: known } = valueOf(await wallet.ownState(person.id));
  assert.deepEqual(known.appeal, made);
});

test('a guardian takes a child along on one key, and each is renewed alone', async () => {
  const { wallet, person } = await walletOf('green');
  const child = (await server.tickets()).find(({ note }) => note.includes('child'));
  const added = valueOf(await wallet.addDependant(person.id, child.ticket, 'child'));
  assert.equal(added.maskedName, child.name);
  for (const each of [person, added]) assert.equal(valueOf(await wallet.renew(each.id)).maskedName, each.maskedName);
  assert.equal((await wallet.addDependant('nobody', child.ticket, 'child')).code, 'wallet.person-unknown');
});

test('somebody moves to a phone that is at hand, and from one that is lost', async () => {
  const { wallet: old, person } = await walletOf('green');
  const fresh = await newWallet();
  const moved = valueOf(await fresh.takeOver(async (newKey) => valueOf(await old.handOver(person.id, newKey))));
  assert.equal(moved.maskedName, person.maskedName);
  assert.equal((await old.renew(person.id)).code, 'key.mismatch');
  const another = await newWallet();
  assert.equal((await another.takeOver(async () => 'AAAA')).ok, false);
  assert.equal(another.people().length, 0);
  const recovered = valueOf(await another.recover(await server.ticketOf(person.maskedName)));
  assert.equal(recovered.maskedName, person.maskedName);
  assert.equal((await fresh.renew(moved.id)).code, 'key.mismatch');
  assert.ok(another.frame(recovered.id).ok);
});

test('a code to print is one that a gate knows', async () => {
  const { wallet, person } = await walletOf('green');
  const paper = valueOf(await wallet.paper(person.id, 3));
  const verdict = liangma('verify', '--json', '--trust', server.trustFile, paper);
  assert.equal(verdict.reason, 'paper.check-id');
  assert.equal((await wallet.paper(person.id, 15)).code, 'http.malformed');
});

test('whoever is erased is gone there and here', async () => {
  const { wallet, person } = await walletOf('green');
  valueOf(await wallet.eraseAtIssuer(person.id));
  assert.deepEqual(wallet.people(), []);
  assert.equal((await wallet.ownState(person.id)).code, 'wallet.person-unknown');
  assert.deepEqual(valueOf(await wallet.news()), []);
});
