// SPDX-License-Identifier: Apache-2.0
// Batch issuance beside bare libsodium signatures, and what it takes of memory; tools/bench calls it.
//
// Compared is CPU time, by turns in processes of their own, so that other load on the machine counts for neither.
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { cpus, tmpdir } from 'node:os';
import { once } from 'node:events';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { rawPublic } from './keys.mjs';
import { nativeTurn } from './native.mjs';
import { median } from './statistics.mjs';

const zhejiang = 50_470_000;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    most: { type: 'string', default: '1000000' },
    liangma: { type: 'string', default: 'build/bench/bin/liangma' },
    bench: { type: 'string', default: 'build/bench/liangma_bench' },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'liangma-batch-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

const path = (name) => join(folder, name);
const issuerKey = path('issuer.json');
execFileSync(values.liangma, ['keygen', '--out', issuerKey]);

const devices = Array.from({ length: 500 }, () => rawPublic(generateKeyPairSync('ed25519')).toString('base64url'));

/** A made-up person as an authority knows them: a name, an ID number of no real division, a phone. */
function line(i) {
  const number = String(i).padStart(8, '0');
  return `{"device":"${devices[i % devices.length]}","colour":"green","name":"张三丰","idTail":"${number.slice(4)}",`
    + `"identity":{"fullName":"张三丰","phone":"100${number}"}}\n`;
}

async function writePeople(count) {
  const file = path(`people-${count}.ndjson`);
  const out = createWriteStream(file);
  for (let i = 0; i < count; i += 1000) {
    let text = '';
    for (let j = i; j < Math.min(i + 1000, count); ++j) text += line(j);
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return file;
}

/** Runs a batch: seconds, CPU seconds, and the most memory that it held. */
async function issue(people, threads) {
  const out = path('codes.ndjson');
  rmSync(out, { force: true });
  const started = performance.now();
  const child = spawn('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', values.liangma, 'issue', '--key', issuerKey,
    '--iss', '330100', '--status-from', '0', '--threads', String(threads), '--batch', people, '--out', out], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk) => { told += chunk; });
  let peakKiB = 0;
  const watch = setInterval(() => { peakKiB = Math.max(peakKiB, childMemory(child.pid)); }, 20);
  const [code] = await once(child, 'close');
  clearInterval(watch);
  if (code !== 0) throw new Error(told);
  const [user, system] = told.trim().split('\n').at(-1).split(' ').map(Number);
  return { seconds: (performance.now() - started) / 1000, cpuSeconds: user + system, peakKiB, bytes: statSync(out).size };
}

/** What the program that bash runs has held at the most, in KiB. */
function childMemory(shell) {
  try {
    const child = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim().split(' ')[0];
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0; // it has ended, or not begun
  }
}

const best = (list) => Math.max(...list);
const whole = (number) => Math.round(number).toLocaleString('en');

async function compare() {
  const count = 20_000;
  const people = await writePeople(count);
  const shares = [];
  const rates = [];
  for (let i = 0; i < Number(values.rounds); ++i) {
    const bare = 1e6 / (await nativeTurn(values.bench, 'bareSign'));
    const rate = count / (await issue(people, 1)).cpuSeconds;
    shares.push(rate / bare);
    rates.push(rate);
  }
  console.log(`| codes a second and core, by CPU time: median (best) | ${whole(median(rates))} (${whole(best(rates))}) |`);
  console.log(`| ÷ bare libsodium signatures in the same run, goal ≥ 0.80 | ${median(shares).toFixed(2)} (${best(shares).toFixed(2)}) |`);
  return median(rates);
}

async function grow() {
  const most = Number(values.most);
  const counts = [10_000, 100_000, 1_000_000].filter((count) => count < most);
  for (const count of [...counts, most]) {
    const people = await writePeople(count);
    const { seconds, cpuSeconds, peakKiB, bytes } = await issue(people, cpus().length);
    console.log(`| ${whole(count)} codes on ${cpus().length} cores | ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of CPU, `
      + `${(peakKiB / 1024).toFixed(0)} MiB at the most, ${(bytes / 2 ** 20).toFixed(0)} MiB written |`);
    rmSync(people);
  }
}

console.log('| batch issuance | |\n|---|--:|');
const rate = await compare();
await grow();
console.log(`| ${whole(zhejiang)} codes, worked out | ${(zhejiang / rate / 60).toFixed(0)} core minutes |`);
