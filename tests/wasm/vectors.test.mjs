// SPDX-License-Identifier: Apache-2.0
// The golden vectors of tests/vectors, through the package: the same inputs, the same outcomes as natively.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { repository } from './support/paths.mjs';
import { nodeHost, sdk, valueOf } from './support/sdk.mjs';

const wallet = await sdk.loadWallet(nodeHost());
const gate = await sdk.loadGate(nodeHost());

const read = (name) => JSON.parse(readFileSync(join(repository, `tests/vectors/${name}.json`), 'utf8'));
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (view) => Buffer.from(view).toString('hex');

const trustVectors = read('trust');
const usual = trustVectors.records.find(({ name }) => name === 'usual').input;
/** A list as it was accepted when it was issued, which is 100 s before the vectors' clock. */
const openTrust = (module, list) =>
  valueOf(module.Trust.open(bytes(list), usual.roots.map(bytes), 0, usual.now - 100));

const boxes = read('vault').records;
const boxOf = (name) => boxes.find((record) => record.name === name).input;
/** The device key of the vectors: what their box at rest holds. */
const deviceKey = () => {
  const { sealed, hostKey } = boxOf('host-key');
  return valueOf(wallet.DeviceKey.openHost(bytes(sealed), bytes(hostKey)));
};
const deviceSeed = boxes[0].expected.bytes;

/** An outcome in a record's words. */
const stated = (outcome, describe) => (outcome.ok ? describe(outcome.value) : { error: outcome.code });

/** Runs every record of a file that the package can express; how many it was is part of the test's name. */
function runFile(name, run, expresses = () => true) {
  const content = read(name);
  const records = content.records.filter(({ input }) => expresses(input));
  test(`${name}: ${records.length} of ${content.records.length} records`, () => {
    assert.ok(records.length > 0);
    for (const record of records) {
      assert.deepEqual(run(record.input, content), record.expected, `${name}: ${record.name}`);
    }
  });
}

function verdictOf(module, input, content) {
  const { trust, now, scene, challenge } = input;
  const seen = input.seen ? new module.SeenCodes() : undefined;
  const context = { trust: openTrust(module, content.trustLists[trust]), now, scene, seen };
  if (challenge) context.challenge = { ...challenge, nonce: bytes(challenge.nonce) };
  if (seen) assert.equal(module.verify(input.text, context).decision, 'admit');
  const { decision, reason, assurance, code } = module.verify(input.text, context);
  if (!code) return { decision, reason };
  const { issuer, region, colour, maskedName, idTail, identity } = code;
  return {
    decision,
    reason,
    assurance,
    code: { issuer, region, colour, maskedName, idTail, identity: { ...identity } },
  };
}

// Status lists are looked up in C++.
const withoutStatus = ({ status }) => status === undefined;
runFile('verify', (input, content) => verdictOf(wallet, input, content), withoutStatus);
runFile('verify', (input, content) => verdictOf(gate, input, content), withoutStatus);

runFile('trust', (input) =>
  stated(
    gate.Trust.open(bytes(input.trust), input.roots.map(bytes), input.knownVersion, input.now),
    (list) => ({ ok: true, version: list.info().version }),
  ),
);

runFile('credential', (input) =>
  stated(wallet.Credential.parse(bytes(input.credential)), (credential) => {
    const { issuer, region, colour, maskedName, idTail, identity } = credential.info();
    return { ok: true, issuer, region, colour, maskedName, idTail, identity: { ...identity } };
  }),
);

runFile('request', (input) =>
  stated(wallet.openRequest(input.text, openTrust(wallet, input.trust), input.now), (request) => {
    const { verifier, purpose, wanted, nonce, answerUrl } = request.info();
    return { ok: true, verifier, purpose, wanted: [...wanted], nonce: hex(nonce), answerUrl };
  }),
);

function makeForHolder(input) {
  const credential = valueOf(wallet.Credential.parse(bytes(input.credential)));
  if (input.operation === 'makeLiveCode') {
    return wallet.makeLiveCode(credential, deviceKey(), input.now, input.clockConfirmed);
  }
  const request = wallet.openRequest(input.request, openTrust(wallet, input.trust), input.now - 10);
  return wallet.makeAnswer(valueOf(request), credential, deviceKey(), input.agreed, input.now, true);
}

runFile(
  'holder',
  (input) => stated(makeForHolder(input), (text) => ({ text })),
  ({ operation, deviceSeed: seed }) =>
    ['makeLiveCode', 'makeAnswer'].includes(operation) && seed === deviceSeed,
);

runFile(
  'vault',
  (input) => {
    const sealed = bytes(input.sealed);
    const opened = input.hostKey
      ? wallet.DeviceKey.openHost(sealed, bytes(input.hostKey))
      : wallet.DeviceKey.openPin(sealed, input.pin);
    return stated(opened, () => ({ ok: true, bytes: deviceSeed }));
  },
  ({ context }) => context === 'device-key',
);
