// SPDX-License-Identifier: Apache-2.0
// What is measured. A table is {id, title, what, unit, base, labels: {name: label}, samples: {name: [number of each
// round]}, goals}; its goals are of the kinds that goals.mjs knows.
import { createHash } from 'node:crypto';
import { judge } from './judge.mjs';
import { nativeTurn } from './native.mjs';
import { takeTurns, turnOf } from './rounds.mjs';

export const stacks = {
  liangma: 'liangma (wasm)',
  'noble-ed25519': '@noble/ed25519 + cbor-x + lean-qr',
  'noble-curves': '@noble/curves + cbor-x + uqr',
  libsodium: 'libsodium-wrappers + cborg + lean-qr',
  webcrypto: 'WebCrypto + cborg + lean-qr',
};
export const pureJavaScript = ['noble-ed25519', 'noble-curves'];
const tasks = {
  frame: 'one live frame: sign, KBT, Base45, QR matrix V13-M',
  verify: 'one check at a gate: text to verdict, both signatures',
  issue: 'one credential with three members of the identity',
};

/** Starts every contender, each in a process or page of its own, and lets the judge see its work. */
async function startAll(host, bundles, payload, names = Object.keys(stacks)) {
  const subjects = {};
  for (const name of names) {
    subjects[name] = await host.start(bundles[name]);
    await subjects[name].call('open', payload);
    judge(name, await subjects[name].call('show', payload), payload);
  }
  return subjects;
}

async function closeAll(subjects) {
  await Promise.all(Object.values(subjects).map((subject) => subject.close()));
}

/** frame, verify and issue of every contender in Node or Chromium. */
export async function measureStacks({ host, bundles, payload, rounds, goals, report }) {
  const subjects = await startAll(host, bundles, payload);
  report(`${host.title}: ${Object.keys(subjects).length} contenders make what the core makes`);
  const tables = [];
  for (const [task, what] of Object.entries(tasks)) {
    const turns = Object.fromEntries(Object.entries(subjects).map(([name, subject]) => [name, turnOf(subject, task)]));
    for (const turn of Object.values(turns)) await turn(); // warm
    const samples = await takeTurns(turns, rounds);
    tables.push({
      id: `${host.id}.${task}`,
      title: `${host.title}: ${task}`,
      what,
      unit: 'µs',
      base: 'liangma',
      labels: stacks,
      samples,
      goals: goals[task] ?? [],
    });
    report(`${host.title}: ${task} measured`);
  }
  await closeAll(subjects);
  return tables;
}

/** From bytes in memory to the first frame, each time in a fresh process or page. */
export async function measureColdStart({ host, bundles, wasmFiles, payload, rounds, report }) {
  const coldBundles = { ...bundles, liangma: bundles['liangma-wallet'] };
  const begin = (name) => async () => {
    const subject = await host.start(coldBundles[name]);
    const { milliseconds, text } = await subject.call('cold', payload, name === 'liangma' ? wasmFiles : []);
    await subject.close();
    if (text !== payload.liveCodes[0]) throw new Error(`${name}: another live code`);
    return milliseconds;
  };
  const samples = await takeTurns(Object.fromEntries(Object.keys(stacks).map((name) => [name, begin(name)])), rounds);
  report(`${host.title}: cold start measured`);
  return {
    id: `${host.id}.cold`,
    title: `${host.title}: cold start`,
    what: 'script and module as bytes in memory, to the first live code and its symbol, in a fresh process',
    unit: 'ms',
    base: 'liangma',
    labels: stacks,
    samples,
    goals: [{ kind: 'atMost', limit: 30, who: 'liangma' }],
  };
}

const bareSign = 'libsodium: one sign, nothing else';
const nativeTables = [
  { ours: 'frame', labels: { frame: 'ours', bareSign, qrSymbolStock: 'libqrencode as released: one symbol, nothing else' } },
  {
    ours: 'verify',
    labels: { verify: 'ours', bareVerifyTwice: 'libsodium: the two verifies, nothing else' },
    goals: [{ kind: 'atMostTimes', limit: 1.15, who: 'verify', of: 'bareVerifyTwice' }],
  },
  { ours: 'issue', labels: { issue: 'ours', bareSign } },
];

export async function measureNative({ program, rounds, report }) {
  const tables = [];
  for (const { ours, labels, goals = [] } of nativeTables) {
    const turns = Object.fromEntries(Object.keys(labels).map((name) => [name, () => nativeTurn(program, name)]));
    const samples = await takeTurns(turns, rounds);
    tables.push({
      id: `native.${ours}`,
      title: `Native: ${ours}`,
      what: tasks[ours],
      unit: 'µs',
      base: ours,
      labels,
      samples,
      goals,
    });
    report(`native: ${ours} measured`);
  }
  return tables;
}

/** One symbol in wasm, ours, against stock libqrencode as a native program; and whether they are the same. */
export async function measureSymbols({ host, bundles, payload, program, rounds, report }) {
  const subjects = await startAll(host, bundles, payload, ['liangma', 'noble-ed25519', 'noble-curves']);
  const { liangma } = subjects;
  const symbols = await liangma.call('symbols', payload.symbols);
  const different = symbols.filter(({ modules }, i) => {
    const bytes = Uint8Array.from(modules, Number);
    return createHash('sha256').update(bytes).digest('hex') !== payload.symbols[i].sha256;
  });
  report(`QR: ${symbols.length} symbols compared with stock libqrencode's`);
  await turnOf(liangma, 'symbol')();
  const samples = await takeTurns(
    {
      qrSymbolStock: () => nativeTurn(program, 'qrSymbolStock', 'real_time'),
      qrSymbol: () => nativeTurn(program, 'qrSymbol', 'real_time'),
      ...Object.fromEntries(Object.entries(subjects).map(([name, subject]) => [name, turnOf(subject, 'symbol')])),
    },
    rounds,
  );
  await closeAll(subjects);
  return {
    id: 'qr',
    title: 'QR symbol, V13-M',
    what: `${symbols.length} symbols of versions 1 to 40 at levels L, M, Q and H, drawn in wasm: ${different.length} differ from stock libqrencode's`,
    unit: 'µs',
    base: 'qrSymbolStock',
    labels: {
      qrSymbolStock: 'libqrencode as released, native',
      qrSymbol: 'ours, native',
      liangma: `ours, wasm in ${host.title}`,
      'noble-ed25519': `lean-qr in ${host.title}`,
      'noble-curves': `uqr in ${host.title}`,
    },
    samples,
    goals: [
      { kind: 'atMostTimes', limit: 0.35, who: 'liangma', of: 'qrSymbolStock' },
      { kind: 'none', count: different.length, what: 'symbols that differ from stock libqrencode' },
    ],
  };
}

export const bundleNames = [...Object.keys(stacks), 'liangma-wallet'];
