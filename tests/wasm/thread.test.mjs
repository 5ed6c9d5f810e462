// SPDX-License-Identifier: Apache-2.0
// The whole thread over the package's own modules: key, credential, live code, verdict, request, answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerUrl, Authority, hospitalId, t0 } from './support/authority.mjs';
import { draw, nodeHost, sdk, valueOf } from './support/sdk.mjs';

const authority = new Authority();
const host = nodeHost();
const wallet = await sdk.loadWallet(host);
const gate = await sdk.loadGate(host);
const trustIn = (module) => valueOf(module.Trust.open(authority.list, authority.roots, 0, t0));

function enrolled(changes) {
  const key = valueOf(wallet.DeviceKey.generate(draw(32)));
  return { key, credential: valueOf(wallet.Credential.parse(authority.issue(key.publicKey(), changes))) };
}

test('a live code is admitted at once by wallet, gate and native tool, and refused after the window', () => {
  const { key, credential } = enrolled();
  const text = valueOf(wallet.makeLiveCode(credential, key, t0 + 60, true));
  for (const module of [wallet, gate]) {
    const trust = trustIn(module);
    const verdict = module.verify(text, { trust, now: t0 + 61 });
    assert.equal(verdict.decision, 'admit');
    assert.equal(verdict.assurance, 'time');
    assert.equal(verdict.ageSeconds, 1);
    assert.equal(verdict.code.colour, 'green');
    assert.equal(verdict.code.maskedName, '张*丰');
    assert.equal(verdict.code.region, '330100');
    assert.deepEqual(verdict.code.identity, {});
    const late = module.verify(text, { trust, now: t0 + 81 });
    assert.deepEqual([late.decision, late.reason], ['refuse', 'time.too-old']);
    assert.equal(late.code, undefined);
  }
  assert.equal(authority.verify(text, t0 + 61).verdict, 'admit');
  assert.equal(authority.verify(text, t0 + 81).reason, 'time.too-old');
});

test('a frame is the live code and the symbol of its text', () => {
  const { key, credential } = enrolled();
  const frame = valueOf(wallet.makeLiveFrame(credential, key, t0, true));
  const symbol = valueOf(wallet.makeQrSymbol(frame.text));
  assert.equal(frame.text, valueOf(wallet.makeLiveCode(credential, key, t0, true)));
  assert.equal(frame.sizeModules, symbol.sizeModules);
  assert.deepEqual(frame.modules, symbol.modules);
  assert.ok(frame.sizeModules <= 69, `${frame.sizeModules} modules`);
  assert.match(valueOf(wallet.qrSvgPath(frame.text)), /^M4 4h7/);
});

test('a code that was seen is refused the second time', () => {
  const { key, credential } = enrolled();
  const text = valueOf(wallet.makeLiveCode(credential, key, t0, true));
  const seen = new gate.SeenCodes();
  const context = { trust: trustIn(gate), now: t0, seen };
  assert.equal(gate.verify(text, context).decision, 'admit');
  assert.equal(gate.verify(text, context).reason, 'replay.seen-before');
  assert.equal(seen.size(), 1);
});

test('a scene tightens the window, asks for a challenge, or is unknown', () => {
  const { key, credential } = enrolled();
  const text = valueOf(wallet.makeLiveCode(credential, key, t0, true));
  const at = (scene, now) => gate.verify(text, { trust: trustIn(gate), now, scene });
  assert.equal(at('metro', t0 + 9).decision, 'admit');
  assert.equal(at('metro', t0 + 15).reason, 'time.too-old');
  assert.equal(at('ward', t0).reason, 'assurance.challenge-required');
  assert.equal(at('nowhere', t0).reason, 'scene.unknown');
  assert.equal(gate.verify(text, { now: t0 }).reason, 'trust.missing');
});

test('a clock that was never confirmed is advised about, not accused', () => {
  const { key, credential } = enrolled();
  const verdict = (confirmed) => {
    const text = valueOf(wallet.makeLiveCode(credential, key, t0, confirmed));
    return gate.verify(text, { trust: trustIn(gate), now: t0 + 600 });
  };
  assert.equal(verdict(true).reason, 'time.too-old');
  assert.equal(verdict(false).reason, 'time.clock-suspect');
});

test('trust and credential say what is in them', () => {
  const { key, credential } = enrolled({ live: { periodSeconds: 4, windowSeconds: 12 } });
  const trust = trustIn(wallet);
  const info = trust.info();
  assert.equal(info.version, 1);
  assert.equal(info.issuedAt, t0);
  assert.deepEqual(info.roots, authority.roots);
  assert.deepEqual(
    info.issuers.map(({ id, names }) => [id, names.en]),
    [['330100', 'Hangzhou']],
  );
  assert.deepEqual(info.issuers[0].live, { periodSeconds: 5, windowSeconds: 20, futureSeconds: 10 });
  assert.deepEqual(info.verifiers[0].endpoints, [answerUrl]);
  assert.deepEqual(
    info.scenes.map(({ id, required, windowSeconds }) => [id, required, windowSeconds]),
    [
      ['metro', 'time', 10],
      ['ward', 'challenge', undefined],
    ],
  );
  const stated = credential.info();
  assert.equal(stated.identity.fullName, '张三丰');
  assert.equal(stated.identity.idNumber, '11010519491231002X');
  assert.equal(stated.idTail, '002X');
  assert.equal(stated.expiresAt, t0 + 86400);
  assert.equal(stated.live.windowSeconds, 12);
  assert.deepEqual(credential.check(trust, key.publicKey(), t0), { ok: true, value: true });
  assert.equal(credential.check(trust, draw(32), t0).code, 'key.mismatch');
  assert.equal(credential.check(trust, key.publicKey(), t0 + 86400).code, 'time.credential-expired');
});

test('a trust list of strangers, or an old one, is refused', () => {
  assert.equal(wallet.Trust.open(authority.list, [draw(32)], 0, t0).code, 'trust.root-unknown');
  assert.equal(wallet.Trust.open(authority.list, authority.roots, 2, t0).code, 'trust.rolled-back');
  assert.equal(wallet.Trust.open(authority.list, authority.roots, 0, t0 + 8 * 86400).code, 'trust.expired');
  assert.equal(wallet.Trust.open(authority.list, [draw(31)], 0, t0).code, 'key.invalid');
});

test('a request is answered in the open and sealed, and the hospital reads both', () => {
  const { key, credential } = enrolled();
  const trust = trustIn(wallet);
  const asked = authority.request(t0);
  const request = valueOf(wallet.openRequest(asked.text, trust, t0 + 1));
  const info = request.info();
  assert.equal(info.verifier, hospitalId);
  assert.equal(info.names.en, 'First Hospital');
  assert.equal(info.purpose, 'registration');
  assert.deepEqual(info.wanted, ['fullName', 'idNumber', 'phone']);
  assert.equal(info.answerUrl, answerUrl);
  assert.equal(Buffer.from(info.nonce).toString('hex'), asked.nonce);

  const open = valueOf(wallet.makeAnswer(request, credential, key, asked.wanted, t0 + 2, true));
  const challenge = { verifier: hospitalId, nonce: info.nonce, wanted: info.wanted };
  const verdict = gate.verify(open, { trust: trustIn(gate), now: t0 + 3, challenge });
  assert.deepEqual([verdict.decision, verdict.assurance], ['admit', 'challenge']);
  assert.deepEqual(verdict.code.identity, {
    fullName: '张三丰',
    idNumber: '11010519491231002X',
    phone: '13800000000',
  });
  assert.notEqual(gate.verify(open, { trust: trustIn(gate), now: t0 + 3 }).decision, 'admit');
  const wrongNonce = { ...challenge, nonce: draw(16) };
  assert.equal(
    gate.verify(open, { trust: trustIn(gate), now: t0 + 3, challenge: wrongNonce }).reason,
    'nonce.mismatch',
  );

  const sealed = valueOf(
    wallet.makeSealedAnswer(request, credential, key, asked.wanted, t0 + 2, true, draw(32)),
  );
  assert.match(sealed, /^LMS1:/);
  const opened = authority.open(sealed, asked, t0 + 3);
  assert.equal(opened.verdict, 'admit');
  assert.equal(opened.identity.idNumber, '11010519491231002X');
});

test('a request is refused in words: asked too much, stale, forged', () => {
  const { key, credential } = enrolled();
  const trust = trustIn(wallet);
  const asked = authority.request(t0);
  const request = valueOf(wallet.openRequest(asked.text, trust, t0));
  const answer = (agreed) => wallet.makeAnswer(request, credential, key, agreed, t0, true).code;
  assert.equal(answer(['fullName']), 'disclosure.missing');
  assert.equal(answer([...asked.wanted, 'sex']), 'disclosure.unasked');
  assert.equal(answer(['shoeSize']), 'misuse.argument');
  assert.equal(wallet.openRequest(asked.text, trust, t0 + 61).code, 'time.request-expired');
  const stranger = new Authority();
  const foreign = valueOf(wallet.Trust.open(stranger.list, stranger.roots, 0, t0));
  assert.equal(wallet.openRequest(asked.text, foreign, t0).ok, false);
});

test('a device key is proved to its issuer', () => {
  const key = valueOf(wallet.DeviceKey.generate(draw(32)));
  const proof = valueOf(key.proof('330100', draw(16), t0));
  assert.ok(Buffer.from(proof).includes(Buffer.from(key.publicKey())));
  assert.equal(key.proof('', draw(16), t0).code, 'misuse.argument');
  assert.equal(key.proof('330100', draw(3), t0).code, 'misuse.argument');
});

test('every single-bit flip of a live code is refused', () => {
  const { key, credential } = enrolled();
  const text = valueOf(wallet.makeLiveCode(credential, key, t0, true));
  const trust = trustIn(gate);
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 7; bit++) {
      const flipped =
        text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);
      assert.equal(
        gate.verify(flipped, { trust, now: t0 }).decision,
        'refuse',
        `bit ${bit} of character ${at}`,
      );
    }
  }
});

test('whatever is scanned gets a verdict and an explanation', () => {
  const trust = trustIn(gate);
  for (const text of [
    '',
    'LM1:',
    'HC1:6BF',
    'https://example.org',
    '粤健通',
    '\ud800',
    'LM1:' + 'A'.repeat(100_000),
  ]) {
    const verdict = gate.verify(text, { trust, now: t0 });
    assert.equal(verdict.decision, 'refuse');
    assert.ok(
      verdict.reason.startsWith('format.') || /^(base45|cbor|cose)\./.test(verdict.reason),
      verdict.reason,
    );
    const inspection = gate.inspect(text);
    assert.equal(typeof inspection.kind, 'string');
    assert.ok(inspection.problem);
  }
  const { key, credential } = enrolled();
  const inspection = gate.inspect(valueOf(wallet.makeLiveCode(credential, key, t0, true)));
  assert.equal(inspection.kind, 'live-code');
  assert.equal(inspection.problem, undefined);
  assert.ok(inspection.lines.length > 10);
  assert.ok(
    inspection.lines.every(
      ({ depth, label, value }) => depth >= 0 && typeof label === 'string' && typeof value === 'string',
    ),
  );
});
