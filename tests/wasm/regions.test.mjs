// SPDX-License-Identifier: Apache-2.0
// Region packs, agreements and status lists through the package, made by the native command.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Authority, issuerId, liangma, t0 } from './support/authority.mjs';
import { repository } from './support/paths.mjs';
import { draw, nodeHost, sdk, valueOf } from './support/sdk.mjs';

const wallet = await sdk.loadWallet(nodeHost());
const gate = await sdk.loadGate(nodeHost());

const folder = join(repository, 'tools/regions');
const packFiles = readdirSync(folder).filter((file) => /^\d{6}\.json$/.test(file));
const packBytes = (file) => new Uint8Array(readFileSync(join(folder, file)));
const { recognitions } = JSON.parse(readFileSync(join(folder, 'recognitions.json'), 'utf8'));
const index = (list, position) => list * 2 ** 20 + position;

/** An authority that speaks for every province and the hub, and knows the packs and agreements of the project. */
function world() {
  const authority = new Authority();
  const inForce = { key: authority.publicKeys.issuer, notBefore: t0 - 1e7, notAfter: t0 + 1e8 };
  const regions = ['310000', '330000', '410000', '440000', '500000'];
  const statusUrl = 'https://status.example/{list}';
  authority.publish(1, t0, {
    recognitions,
    issuers: [{ id: issuerId, names: {}, keys: [inForce], regions, statusUrl }],
    packs: packFiles.map((file) => ({
      region: file.slice(0, 6),
      version: JSON.parse(Buffer.from(packBytes(file))).version,
      sha256: createHash('sha256').update(packBytes(file)).digest('base64url'),
    })),
  });
  const trust = valueOf(gate.Trust.open(authority.list, authority.roots, 0, t0));
  const packs = new gate.RegionPacks();
  for (const file of packFiles) valueOf(packs.keep(packBytes(file), trust));
  const key = valueOf(wallet.DeviceKey.generate(draw(32)));
  const show = (changes) => {
    const encoded = authority.issue(key.publicKey(), changes);
    return valueOf(wallet.makeLiveCode(valueOf(wallet.Credential.parse(encoded)), key, t0 + 60, true));
  };
  const at = (place, scene, changes, more = {}) =>
    gate.verify(show(changes), { trust, now: t0 + 61, place, scene, packs, ...more });
  return { authority, trust, packs, show, at };
}

const said = ({ decision, reason, rule, agreement }) => [decision, reason, rule, agreement?.id];

test('a place’s rules decide, and the verdict names the rule', () => {
  const { packs, at } = world();
  assert.deepEqual(said(at('330110', 'mall', { region: '330100' })), ['admit', 'colour.green', 'AR-330100-GREEN', undefined]);
  const metro = at('440403', 'public-transport', { region: '440403', colour: 'yellow' });
  assert.deepEqual(said(metro), ['refuse', 'colour.yellow', 'AR-440403-YELLOW', undefined]);
  assert.match(packs.rule('440403', metro.rule).description.en, /never takes public transport/);
  assert.equal(packs.rule('440403', metro.rule).isAssumption, false);
  assert.equal(at('440403', 'casino', { region: '440403' }).reason, 'scene.unknown');
  assert.equal(at('330100', 'hospital', { region: '330100' }).reason, 'assurance.challenge-required');
});

test('the verdict says by which agreement a code was taken', () => {
  const { at } = world();
  const delta = at('330100', 'mall', { region: '310000' });
  assert.deepEqual(said(delta), ['admit', 'colour.green', 'AR-330100-GREEN', 'yangtze-delta']);
  assert.deepEqual(delta.agreement, { id: 'yangtze-delta', path: 'shared', rules: 'issuer' });
  const guest = at('410100', 'station', { region: '330100', colour: 'yellow' });
  assert.deepEqual(said(guest), ['refuse', 'colour.yellow', 'AR-410000-GUEST', 'zhejiang-henan']);
  const worker = at('430100', 'station', { region: '330100' });
  assert.deepEqual(said(worker), ['check', 'colour.green', 'AR-430000-WORKERS', 'zhejiang-workers']);
  assert.equal(worker.agreement.group, 'workers');
  assert.equal(worker.advice, 'advice.ask-in-charge');
  assert.equal(at('330100', 'mall', { region: '500000' }).reason, 'recognition.none');
});

test('packs are listed, named and chained', () => {
  const { trust, packs } = world();
  assert.equal(gate.trustRegions(trust).packs.length, packFiles.length);
  assert.deepEqual(
    gate.trustRegions(trust).recognitions.map(({ id }) => id),
    recognitions.map(({ id }) => id),
  );
  assert.deepEqual(packs.at('330110').map(({ region }) => region), ['330110', '330100', '330000', '000000']);
  assert.equal(packs.at('320100')[0].codeNames['zh-Hans'], '苏康码');
  const scenes = packs.scenes('440403');
  assert.equal(scenes.length, 11);
  assert.equal(scenes.find(({ id }) => id === 'dine-in').leavesContact, true);
  assert.equal(packs.recordDays('330110'), 14);
});

test('a pack that was changed is refused', () => {
  const { trust, packs } = world();
  const altered = new TextEncoder().encode(readFileSync(join(folder, '440403.json'), 'utf8').replace('refuse', 'admit'));
  assert.equal(packs.keep(altered, trust).code, 'pack.not-listed');
  assert.equal(packs.keep(new Uint8Array([123]), trust).code, 'json.malformed');
  assert.equal(packs.keep(new TextEncoder().encode('{}'), trust).code, 'pack.shape');
});

test('status lists are kept, aged and obeyed', () => {
  const { authority, trust, at } = world();
  const lists = new gate.StatusLists();
  const check = (statusIndex, more) =>
    at('330100', 'mall', { region: '330100', statusIndex }, { statusLists: lists, ...more }).reason;
  assert.equal(check(index(3, 7)), 'status.unavailable');
  const uri = gate.statusListUri(trust, issuerId, 3);
  assert.equal(uri, 'https://status.example/3');
  const make = (ttl, changes) => {
    writeFileSync(authority.path('changes'), changes);
    const out = authority.path('list.cwt');
    liangma(['status', 'build', '--key', authority.path('issuer.json'), '--uri', uri, '--now', t0, '--ttl', ttl,
      '--refresh', 30, '--changes', authority.path('changes'), '--out', out]);
    return new Uint8Array(readFileSync(out));
  };
  const kept = valueOf(lists.keep(make(3600, '7 superseded\n'), trust, issuerId, t0 + 10));
  assert.deepEqual(kept, { issuer: issuerId, number: 3, issuedAt: t0, expiresAt: t0 + 3600, freshness: 'fresh' });
  assert.equal(lists.info(issuerId, 3, t0 + 31).freshness, 'due');
  assert.equal(lists.info(issuerId, 4, t0), undefined);
  assert.equal(check(index(3, 7)), 'status.superseded');
  assert.equal(check(index(3, 8)), 'colour.green');
  valueOf(lists.keep(make(60, ''), trust, issuerId, t0));
  assert.equal(lists.info(issuerId, 3, t0 + 60).freshness, 'stale');
  assert.equal(check(index(3, 8)), 'status.stale');
  const stale = at('330100', 'mall', { region: '330100', statusIndex: index(3, 8) }, { statusLists: lists, checkStale: true });
  assert.deepEqual([stale.decision, stale.reason], ['check', 'status.stale']);
  assert.equal(lists.keep(new Uint8Array(3), trust, issuerId, t0).ok, false);
  assert.equal(lists.keep(new Uint8Array(3), trust, 'nobody', t0).code, 'issuer.unknown');
});

test('misuse names the argument', () => {
  const { trust, packs } = world();
  assert.throws(() => packs.keep('text', trust), /json must be a Uint8Array/);
  assert.throws(() => packs.keep(new Uint8Array(1), {}), /trust must be a handle/);
  assert.throws(() => gate.verify('LM1:', { trust, now: t0, place: 1 }), /context\.place must be a string/);
  assert.throws(() => gate.verify('LM1:', { trust, now: t0, packs: {} }), /context\.packs must be a handle/);
  packs.delete();
  assert.throws(() => gate.verify('LM1:', { trust, now: t0, packs }), TypeError);
});
