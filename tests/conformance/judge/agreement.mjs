// SPDX-License-Identifier: Apache-2.0
// Puts one question to the judge and to the command, and keeps the answers that differ.
import assert from 'node:assert/strict';
import { PUBLIC, SEAL_SECRET, SEEDS, CLAIMS, T, countingEntropy, signTrust } from './fixture.mjs';
import { KEY_FILES, SEAL_FILE, base64url, cliVerify, file, hex, liangma, refusalOf, trustFile, wantedArgs } from './cli.mjs';
import { readRequest, unseal } from './holder.mjs';
import { issue } from './issuer.mjs';
import { Refusal, refusalOf as judgeRefusal } from './refusal.mjs';
import { acceptList } from './trust.mjs';
import { verifyBytes, verifyText } from './verifier.mjs';

const ROOTS = [PUBLIC.root];
const everything = new Map([1, 2, 3, 4, 5, 6, 7, 8].map((key) => [key, `member ${key}`]));
const credentialFile = file('full.cred', issue({ ...CLAIMS, identity: everything }, SEEDS.issuer, countingEntropy()));
let worlds = 0;

/** A trust list as both sides keep it. */
export function worldOf(map, { roots = [SEEDS.root], times } = {}) {
  const bytes = signTrust(map, roots, times);
  return { trust: acceptList(bytes, { roots: ROOTS }, times?.iat ?? T), file: trustFile(`world-${worlds++}.json`, bytes) };
}

export const WORLD = worldOf();

const STEPS = [/^format\./, /^base45\./, /^cbor\./, /^(cose|credential|live|paper\.shape|request|trust\.shape|disclosure\.(shape|unmatched|duplicate)|holder\.signature-missing)/];
const stepOf = (id) => STEPS.findIndex((step) => step.test(id));
const sameStep = (a, b) => {
  const [ours, theirs] = [a, b].map((answer) => answer.replace(/^refuse /, ''));
  return stepOf(ours) >= 0 && stepOf(ours) === stepOf(theirs);
};

/** A list of questions put; `several(label)` says that a text has several faults at once, so that any id of the step will do. */
export class Agreement {
  constructor(several = () => false) {
    Object.assign(this, { several, count: 0, differences: [], reasons: new Map() });
  }

  compare(label, ours, theirs) {
    this.count++;
    this.reasons.set(ours, (this.reasons.get(ours) ?? 0) + 1);
    const agreed = ours === theirs || (this.several(label) && sameStep(ours, theirs));
    if (!agreed) this.differences.push(`${label}: ${ours}, but liangma: ${theirs}`);
  }

  /** Fails where answers differ, or the questions were not `least` outcomes wide. */
  settle(t, least) {
    t.diagnostic(`${this.count} questions, ${this.reasons.size} different outcomes`);
    assert.deepEqual(this.differences, []);
    assert.ok(this.reasons.size >= least, `only ${[...this.reasons.keys()]}`);
  }

  verify(label, text, { world = WORLD, now = T + 61, scene, expected } = {}) {
    const ours = verifyText(text, { trust: world.trust, now, scene, expected });
    const theirs = cliVerify(text, { trust: world.file, now, scene, expected });
    this.compare(label, `${ours.verdict} ${ours.reason}`, `${theirs.verdict} ${theirs.reason}`);
  }

  request(label, text, { world = WORLD, now = T + 55 } = {}) {
    let wanted = [];
    const ours = judgeRefusal(() => ({ wanted } = readRequest(text, world.trust, now)));
    const theirs = liangma(['answer', '--json', '--request', '-', '--credential', credentialFile, '--device-key', KEY_FILES.device,
      '--trust', world.file, '--now', String(now), ...wantedArgs('--agree', wanted)], text);
    this.compare(label, ours ?? 'ok', refusalOf(theirs) ?? 'ok');
  }

  open(label, text, { id, nonce, wanted, now = T + 61 }) {
    const ours = opened(() => verifyBytes(unseal(text, SEAL_SECRET), { trust: WORLD.trust, now, expected: { id, nonce, wanted } }).reason);
    const theirs = liangma(['open', '--json', '--key', SEAL_FILE, '--request-nonce', hex(nonce), '--verifier', id, '--trust', WORLD.file,
      '--now', String(now), ...wantedArgs('--wanted', wanted), '-'], text);
    this.compare(label, ours, refusalOf(theirs) ?? JSON.parse(theirs.stdout).reason);
  }

  trust(label, bytes, { roots = ROOTS, version = 7, now = T } = {}) {
    const ours = judgeRefusal(() => acceptList(bytes, { roots, version }, now));
    const kept = file('kept.json', JSON.stringify({ roots: roots.map(base64url), version, list: base64url(bytes) }));
    this.compare(label, ours ?? 'ok', refusalOf(liangma(['trust', 'show', '--json', '--trust', kept, '--now', String(now)])) ?? 'ok');
  }
}

function opened(step) {
  try {
    return step();
  } catch (error) {
    if (error instanceof Refusal) return error.id;
    throw error;
  }
}
