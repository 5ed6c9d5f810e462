// SPDX-License-Identifier: Apache-2.0
// The limits of every rule of SPEC.md, and the order of the checks: the judge and the command agree at each.
// Usage: tools/build native, then npm ci && node --test (in this folder).
import { test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519';
import { sha512 } from '@noble/hashes/sha2';
import { Agreement, WORLD, worldOf } from './agreement.mjs';
import { fromBase45, writeText } from './base45.mjs';
import { REDACTED, Raw, Simple, Tag, concat, decode, encode } from './cbor.mjs';
import { sigStructure, sign1 } from './cose.mjs';
import { CODE } from './credential.mjs';
import { DAY, NONCE, PUBLIC, SEAL_KEY, SEAL_SEED, SEEDS, T, TRUST_TIMES, content, issuerEntry, sceneEntry, signTrust,
  verifierEntry } from './fixture.mjs';
import { ASKED, UNCONFIRMED, seal } from './holder.mjs';
import { publicKeyOf } from './cose.mjs';
import { answerParts, answerText, liveText, openParts, paperParts, paperText, requestParts, requestText } from './tokens.mjs';

const expected = { id: 'hz-first', nonce: NONCE, wanted: [1, 3, 4] };
const edit = (parts, write) => (change) => {
  const copy = parts();
  change(copy);
  return write(copy);
};
const open = edit(openParts, liveText);
const answer = edit(answerParts, answerText);
const paper = edit(paperParts, paperText);
const request = edit(requestParts, requestText);
const withCode = (key, value) => (parts) => {
  const code = new Map(parts.claims.get(CODE));
  if (value === undefined) code.delete(key);
  else code.set(key, value);
  parts.claims.set(CODE, code);
};
const worldWith = (change) => {
  const map = content();
  change(map);
  return worldOf(map);
};
const issuerWith = (key, value) => worldWith((map) => map.get(3)[0].set(key, value));
const filled = (byte, size = 16) => new Uint8Array(size).fill(byte);
const at = (key, values) => values.map((value) => [value, open((parts) => parts.claims.set(key, value))]);
const flip = (bytes, place = 9) => bytes.map((byte, i) => (i === place ? byte ^ 1 : byte));

test('claims', (t) => {
  const agreement = new Agreement((label) => label.endsWith('out of place'));
  for (const [sub, text] of at(2, ['!!!!!!!!', 'AAAAAAA=', '张三aa', 'AAAA AAA', 'AAAAAAA', '-_-_-_-_']))
    agreement.verify(`sub ${sub}`, text);
  const names = ['*', 'A', '张', 'A*B*C', 'A'.repeat(24), 'A'.repeat(25), '字'.repeat(8), '字'.repeat(9), '\u{1f600}*x', 'A\t',
    ...[0x7f, 0x85, 0x9f, 0xa0, 0xad, 0x61c, 0x180e, 0x200a, 0x200b, 0x200f, 0x2010, 0x2027, 0x2028, 0x2029, 0x202a, 0x202e, 0x202f,
      0x205f, 0x2060, 0x206f, 0x2070, 0xfefe, 0xfeff, 0xfff9].map((point) => `A${String.fromCodePoint(point)}`)];
  for (const name of names) agreement.verify(`name ${JSON.stringify(name)}`, open(withCode(3, name)));
  for (const region of ['330100', '330199', '330200', '330000', '000000', '33011', 'AAAAAA', '３３０１１０', undefined])
    agreement.verify(`region ${region}`, open(withCode(2, region)));
  for (const policy of [[1, 1], [60, 60], [60, 120], [61, 120], [5, 4], [5, 121], [0, 20], [5], [5, 20, 10], [1, 120]])
    agreement.verify(`policy ${policy}`, open(withCode(6, policy)));
  agreement.verify('name to be redacted out of place', open(withCode(3, new Tag(60, filled(1, 32)))));
  agreement.verify('identity in the clear', open((parts) => parts.claims.set(-65538, new Map([[1, 'x']]))));
  for (const count of [0, 1, 2]) agreement.verify(`${count} hashes`, open((parts) => parts.claims.set(REDACTED, Array(count).fill(filled(1, 32)))));
  agreement.verify('simple(60) for a key', open((parts) => parts.claims.set(new Simple(60), 1)));
  agreement.verify('hash out of place', open((parts) => parts.claims.get(CODE).set(REDACTED, [filled(1, 32)])));
  agreement.settle(t, 6);
});

test('regions', (t) => {
  const agreement = new Agreement();
  const cases = [[[], '330110'], [['110000'], '330110'], [['330000'], '339999'], [['000000'], '110000'], [['000000'], '000000'],
    [['331000'], '331005'], [['331000'], '330110'], [['330110'], '330110'], [['330110'], '330111'], [['300000'], '310000'],
    [['300000'], '300100'], [['330100', '110000'], '110101'], [['110000'], undefined]];
  for (const [regions, region] of cases)
    agreement.verify(`[${regions}] ${region}`, open(withCode(2, region)), { world: issuerWith(6, regions) });
  for (const id of ['HZ', '33.100', '33', '330000', '000000'])
    for (const region of [undefined, '330110'])
      for (const regions of [[], ['330100']]) {
        const world = worldWith((map) => map.get(3)[0].set(1, id).set(6, regions));
        agreement.verify(`${id} [${regions}] ${region}`, open((parts) => {
          parts.claims.set(1, id);
          withCode(2, region)(parts);
        }), { world });
      }
  agreement.settle(t, 2);
});

test('times', (t) => {
  const agreement = new Agreement();
  const spans = [[0, DAY], [0, DAY + 1], [0, 61], [0, 62], [61, 62], [71, 100], [72, 100], [60, 100], [61, 100], [0, 0], [5, 0], [60 - DAY, 60],
    [-1000, 80], [-1001, 80]];
  for (const [iat, exp] of spans)
    agreement.verify(`credential ${iat} to ${exp}`, open((parts) => parts.claims.set(6, T + iat).set(4, T + exp)));
  for (const iat of [-1, 0, 30, 31, 60, 61, 71, 72])
    for (const confirmed of [true, false])
      agreement.verify(`signed at ${iat}`, open((parts) => {
        parts.live.set(6, T + iat);
        if (confirmed) parts.live.delete(UNCONFIRMED);
      }));
  for (const policy of [[1, 1], [60, 120]])
    for (const age of [-11, -10, 0, 1, 2, 120, 121]) agreement.verify(`${policy} age ${age}`, open(withCode(6, policy)), { now: T + 60 + age });
  for (const [period, window, future] of [[5, 20, 0], [5, 20, 60], [5, 120, 10], [60, 60, 0]])
    for (const age of [-future - 1, -future, window, window + 1])
      agreement.verify(`issuer's ${window}/${future} age ${age}`, open(withCode(6)), { world: issuerWith(5, [period, window, future]), now: T + 60 + age });
  for (const now of [-161, -160, 30 * DAY - 1, 30 * DAY]) agreement.verify(`list at ${now}`, open(() => {}), { now: T + now });
  for (const [from, until] of [[0, 1], [1, 2], [-5, 0]])
    agreement.verify(`key ${from} to ${until}`, open(() => {}), { world: issuerWith(3, [[PUBLIC.issuer, T + from, T + until]]) });
  agreement.verify('key listed twice', open(() => {}), { world: issuerWith(3, [[PUBLIC.issuer, 0, 1], [PUBLIC.issuer, T - 1000, T + 1]]) });
  agreement.settle(t, 11);
});

test('scenes and colours', (t) => {
  const agreement = new Agreement();
  const world = worldWith((map) => map.get(5).push(sceneEntry('w0', 2, [0, 0, 0, 0], 0), sceneEntry('w10', 2, [2, 2, 2, 2], 10),
    sceneEntry('w120', 2, [1, 1, 1, 1], 120)));
  for (const scene of [undefined, 'hospital', 'w0', 'w10', 'w120', 'nope']) {
    for (const age of [0, 1, 10, 11, 30, 31]) agreement.verify(`${scene} age ${age}`, open(() => {}), { world, scene, now: T + 60 + age });
    for (const colour of [0, 1, 2, 3]) {
      agreement.verify(`${scene} colour ${colour}`, open(withCode(1, colour)), { world, scene, now: T + 60 });
      agreement.verify(`${scene} paper ${colour}`, paper(withCode(1, colour)), { world, scene });
      agreement.verify(`${scene} answer ${colour}`, answer(withCode(1, colour)), { world, scene, expected, now: T + 60 });
    }
  }
  agreement.settle(t, 12);
});

test('paper codes', (t) => {
  const agreement = new Agreement();
  for (const life of [14 * DAY, 14 * DAY + 1, 1, 0, -1])
    agreement.verify(`life ${life}`, paper((parts) => parts.claims.set(6, T).set(4, T + life)), { now: T });
  agreement.verify('for an answer', paper(() => {}), { expected });
  agreement.verify('with a device key', paper((parts) => parts.claims.set(8, openParts().claims.get(8))));
  agreement.verify('with a hash', paper((parts) => parts.claims.set(REDACTED, [filled(0, 32)])));
  agreement.verify('with a live policy', paper(withCode(6, [5, 20])));
  agreement.verify('with disclosures', paper((parts) => { parts.open = new Map([[17, [filled(0, 3)]]]); }));
  agreement.verify('as a live code', paper(() => {}).replace('LMP1', 'LM1'));
  agreement.verify('a live code as paper', open(() => {}).replace('LM1', 'LMP1'));
  for (const now of [-11, -10, DAY - 1, DAY]) agreement.verify(`at ${now}`, paper(() => {}), { now: T + now });
  agreement.settle(t, 8);
});

const rebuilt = (change, kind = 'live', text = open(() => {})) => {
  const token = decode(fromBase45(text.slice(text.indexOf(':') + 1)));
  change(token);
  return writeText(kind, encode(token));
};
const innerOf = (token) => decode(token.value[0]).get(13);
const reinner = (change) => {
  const parts = openParts();
  const inner = innerOf(decode(fromBase45(liveText(parts).slice(4))));
  const header = new Map([...parts.liveHeader, [13, change(inner) ?? inner]]);
  return writeText('live', encode(sign1(header, new Map(), parts.live, SEEDS.device)));
};

test('tokens', (t) => {
  const agreement = new Agreement();
  const bare = innerOf(decode(fromBase45(open(() => {}).slice(4))));
  agreement.verify('bare credential', writeText('live', encode(bare)));
  agreement.verify('bare credential as paper', writeText('paper', encode(bare)));
  for (const size of [0, 1, 63, 65]) {
    agreement.verify(`signature of ${size}`, rebuilt((token) => { token.value[3] = filled(0, size); }));
    agreement.verify(`issuer's signature of ${size}`, reinner((inner) => { inner.value[3] = filled(0, size); }));
    agreement.verify(`paper's signature of ${size}`, rebuilt((token) => { token.value[3] = filled(0, size); }, 'paper', paper(() => {})));
  }
  for (const number of [0, 17, 61, 96, 97, 98]) agreement.verify(`tag ${number}`, rebuilt((token) => { token.number = number; }));
  for (const [part, value] of [[0, filled(0, 0)], [0, encode(5)], [1, null], [2, null], [2, filled(0, 0)], [3, null]])
    agreement.verify(`part ${part} ${value}`, rebuilt((token) => { token.value[part] = value; }));
  agreement.verify('untagged', writeText('live', encode(decode(fromBase45(open(() => {}).slice(4))).value)));
  agreement.verify('five parts', rebuilt((token) => token.value.push(0)));
  agreement.verify('three parts', rebuilt((token) => token.value.pop()));
  agreement.verify('tag 61 around', writeText('live', encode(new Tag(61, new Raw(fromBase45(open(() => {}).slice(4)))))));
  agreement.verify('credential in a byte string', reinner((inner) => encode(inner)));
  agreement.verify('issuer flipped', reinner((inner) => { inner.value[3] = flip(inner.value[3]); }));
  agreement.verify('holder flipped', rebuilt((token) => { token.value[3] = flip(token.value[3]); }));
  agreement.verify('alg -8', open((parts) => { parts.liveHeader.set(1, -8); parts.issuerHeader.set(1, -8); }));
  agreement.verify('crit', open((parts) => parts.liveHeader.set(2, [16])));
  agreement.verify('typ unprotected', open((parts) => { parts.liveHeader.delete(16); parts.liveOpen = new Map([[16, 294]]); }));
  for (const list of [[], [filled(0, 0)], [5], 5, new Map(), [encode([filled(0), 1, 1])]])
    agreement.verify('sd_claims', open((parts) => { parts.issuerOpen = new Map([[17, list]]); }));
  for (const count of [64, 65])
    agreement.verify(`${count} disclosures`, open((parts) => {
      parts.issuerOpen = new Map([[17, Array.from({ length: count }, (_, i) => encode([filled(i), 'x', 1]))]]);
    }));
  agreement.settle(t, 10);
});

test('disclosures', (t) => {
  const agreement = new Agreement();
  const ask = (label, change, wanted = [1, 3, 4]) => agreement.verify(label, answer(change), { expected: { ...expected, wanted } });
  for (const wanted of [[], [1], [1, 3], [1, 3, 4, 5], [2], [1, 3, 5]]) ask(`wanted ${wanted}`, () => {}, wanted);
  const plain = (parts) => { parts.live = new Map([[3, 'hz-first'], [6, T + 60], [39, NONCE]]); };
  for (const wanted of [[], [1]]) agreement.verify(`none, wanted ${wanted}`, open(plain), { expected: { ...expected, wanted } });
  ask('identity alone', (parts) => { parts.members = []; parts.hashes = () => [filled(0, 32)]; }, []);
  const hashes = (write) => (parts) => { parts.hashes = (list) => write(list.sort(Buffer.compare)); };
  ask('unsorted', hashes((list) => list.reverse()));
  ask('hash twice', hashes((list) => [...list, list[0]]));
  ask('undisclosed hash twice', hashes((list) => [...list, filled(0, 32), filled(0, 32)]));
  ask('8 hashes', hashes((list) => [...list, ...[1, 2, 3, 4, 5].map((i) => filled(i, 32))]));
  ask('9 hashes', hashes((list) => [...list, ...[1, 2, 3, 4, 5, 6].map((i) => filled(i, 32))]));
  ask('hash of 31', hashes((list) => [...list, filled(0, 31)]));
  ask('no hashes', (parts) => { parts.members = []; parts.hashes = () => []; }, []);
  ask('member in the clear', (parts) => { parts.identity[1] = new Map([[2, '01']]); }, [1, 2, 3, 4]);
  const more = (member) => (parts) => parts.members.push(member);
  ask('given twice', (parts) => parts.members.push(parts.members[0]));
  ask('key twice', more([filled(77), 'x', 1]));
  ask('decoy', more([filled(77)]));
  ask('of an array', more([filled(77), 'x']));
  ask('of four', more([filled(77), 'x', 5, 0]));
  ask('unmatched', (parts) => { parts.members.push([filled(77), 'x', 5]); parts.hashes = (list) => list.slice(0, 3).sort(Buffer.compare); });
  ask('short salt', (parts) => { parts.members[0][0] = filled(0, 15); });
  for (const key of [0, 9, -65538, 'x']) ask(`member ${key}`, (parts) => { parts.members[0][2] = key; });
  for (const key of [1, 2, 8, 9, CODE, -65539, 'x']) ask(`identity ${key}`, (parts) => { parts.identity[2] = key; });
  for (const value of ['', 'x'.repeat(128), 'x'.repeat(129), 'a\u200bb', 5, filled(0, 3)]) ask(`value ${value}`, (parts) => { parts.members[0][1] = value; });
  agreement.verify('in open display', answer((parts) => { parts.live = openParts().live; }));
  agreement.verify('open code with a nonce', open((parts) => parts.live.set(39, NONCE)));
  agreement.verify('answer in open display', answer(() => {}));
  agreement.verify('open code for an answer', open(() => {}), { expected });
  agreement.settle(t, 9);
});

test('texts', (t) => {
  const agreement = new Agreement();
  const live = open(() => {});
  for (const text of ['', ' ', 'LM1', 'LM1:', 'LM1:A', 'LM1:AA', 'LM1:AAA', 'LM1:::', 'LM1::::', 'LM1:a', 'LM1:AAa', 'lm1:AA', 'LM2:AA', 'LM0:AA', 'LM10:AA',
    'LMR2:', 'LMS9:AA', 'LMP3:x', 'LMX1:AA', 'HC1:AA', 'NL2:AA', 'shc:/123', 'http://a', 'HTTPS://A/', 'ftp://a', 'HC2:', 'hello', 'LM1:AA\u0000',
    'LM1:ZZZ', 'LMP1:AA', 'LMR1:AA', 'LMS1:AAA', `LM1:${'A'.repeat(4292)}`, `LM1:${'A'.repeat(4293)}`, 'x'.repeat(5000), ` ${live}`,
    live.toLowerCase(), live.slice(0, -1), live.slice(0, -2), live.slice(0, -3), `${live}00`, `${live}000`, live.replace('LM1', 'LMR1')])
    agreement.verify(text.slice(0, 12), text);
  agreement.settle(t, 11);
});

test('CBOR items', (t) => {
  const agreement = new Agreement();
  const nested = (hex, count, end) => hex.repeat(count) + end;
  for (const hex of ['5bffffffffffffffff', '7bffffffffffffffff', '99ffff', 'b9ffff', '1bffffffffffffffff', '3bffffffffffffffff', 'dbffffffffffffffff00', 'd2',
    'd28440a0', '1c', '1f', '3f', 'df', 'ff', 'f8', 'f800', 'f81f', 'f820', 'f83b', 'fc', 'f7', 'f6', 'e0', 'f90000', 'f93e00', 'fa3fc00000',
    'fb3ff8000000000000', 'fb3ff3333333333333', 'f97e00', 'f97e01', 'fa7fc00000', 'f97c00', 'fa7f800000', 'fa00000000', 'f98000', 'fa33800000',
    'fa33000000', 'f90001', 'fa33800001', 'fb36a0000000000000', 'fa00000001', 'fb7ff0000000000000', '5f41004100ff', '9f', 'bf', 'a2', 'a20102', 'a201020102',
    'a202020101', 'a1ff00', 'd8180000', '1817', '190017', '1a0000ffff', '1b00000000ffffffff', nested('81', 14, '00'), nested('81', 15, '00'),
    nested('81', 15, '80'), nested('81', 16, '00'), nested('c1', 15, '00'), nested('c1', 16, '00'), nested('a100', 15, '00'), nested('a100', 16, '00'),
    nested('81', 2000, '00'), '62c3', '61c3', '62c328', '63eda080', '64f0808080', '64f4908080', '62c080', 'a2614161', '5818', '58', '5b', '5c', '9c', 'dc', 'c240', 'c24101', 'c348ffffffffffffffff',
    'c249010000000000000000', 'c349010000000000000000', 'c24900ffffffffffffffff', 'c24a00010000000000000000', 'c201', 'c2820101', 'c44101'])
    agreement.verify(hex.slice(0, 40), writeText('live', Buffer.from(hex, 'hex')));
  agreement.settle(t, 9);
});

const FAULTS = {
  'list expired': (s) => { s.times = { iat: T - 100, exp: T + 61 }; },
  'clock suspect': (s) => { s.times = { iat: T + 200, exp: T + 9999 }; },
  'scene unknown': (s) => { s.scene = 'nope'; },
  'issuer unknown': (s) => s.map.get(3)[0].set(1, '330200'),
  'key unknown': (s) => s.parts.issuerHeader.set(4, filled(0, 8)),
  'key not in force': (s) => s.map.get(3)[0].set(3, [[PUBLIC.issuer, 0, 5]]),
  region: (s) => s.map.get(3)[0].set(6, ['110000']),
  'issuer signature': (s) => { s.inner = true; },
  'long life': (s) => s.parts.claims.set(4, T + 2 * DAY),
  expired: (s) => s.parts.claims.set(4, T + 61),
  'not yet': (s) => s.parts.claims.set(6, T + 100),
  'no cnf': (s) => s.parts.claims.delete(8),
  'holder signature': (s) => { s.outer = true; },
  audience: (s) => s.parts.live.set(3, 'other'),
  'no nonce': (s) => s.parts.live.delete(39),
  'other nonce': (s) => s.parts.live.set(39, filled(0)),
  missing: (s) => { s.wanted = [1, 3, 4, 5]; },
  unasked: (s) => { s.wanted = [1, 3]; },
  'too old': (s) => s.parts.live.set(6, T + 20),
  future: (s) => s.parts.live.set(6, T + 80),
  outside: (s) => s.parts.claims.set(6, T + 61),
  red: (s) => withCode(1, 3)(s.parts),
};

function situation(names) {
  const s = { parts: answerParts(), map: content(), times: TRUST_TIMES, wanted: [1, 3, 4] };
  for (const name of names) FAULTS[name](s);
  let text = answerText(s.parts);
  if (s.inner) text = resigned(text, (header) => { header.get(13).value[3] = flip(header.get(13).value[3]); });
  if (s.outer) text = rebuilt((token) => { token.value[3] = flip(token.value[3]); }, 'live', text);
  return [text, { world: worldOf(s.map, { times: s.times }), scene: s.scene, expected: { ...expected, wanted: s.wanted } }];
}

function resigned(text, change) {
  const [bytes, , payload] = decode(fromBase45(text.slice(4))).value;
  const header = decode(bytes);
  change(header);
  return writeText('live', encode(sign1(header, new Map(), new Raw(payload), SEEDS.device)));
}

test('the order of the checks: every fault, and every two at once', (t) => {
  const agreement = new Agreement();
  const names = Object.keys(FAULTS);
  names.forEach((first, i) => {
    agreement.verify(first, ...situation([first]));
    for (const second of names.slice(i + 1)) agreement.verify(`${first} + ${second}`, ...situation([first, second]));
  });
  agreement.settle(t, names.length);
});

test('requests', (t) => {
  const agreement = new Agreement();
  const plain = request(() => {});
  const asked = (key, value) => request(({ claims }) => { if (value === undefined) claims.get(ASKED).delete(key); else claims.get(ASKED).set(key, value); });
  for (const now of [39, 40, 49, 50, 109, 110]) agreement.request(`at ${now}`, plain, { now: T + now });
  for (const [iat, exp] of [[50, 111], [50, 51], [50, 50], [51, 50], [56, 100], [65, 100], [66, 100]])
    agreement.request(`${iat} to ${exp}`, request(({ claims }) => claims.set(6, T + iat).set(4, T + exp)));
  for (const url of ['https://first.example/answers', 'https://first.example/answers/', 'HTTPS://first.example/answers', 'http://localhost/', 'x', '', 'x'.repeat(512),
    'x'.repeat(513), 'a\u0000', undefined]) agreement.request(`address ${url}`, asked(3, url));
  for (const wanted of [[], [8], [1, 2, 3, 4, 5, 6, 7, 8], [1, 1], [2, 1], [0], [9]]) agreement.request(`wanted ${wanted}`, asked(2, wanted));
  for (const purpose of ['a', 'x'.repeat(32), 'x'.repeat(33), 'A', '', 'a b', 'a:b-c', 'a_b']) agreement.request(`purpose ${purpose}`, asked(1, purpose));
  for (const size of [15, 16, 32, 33]) agreement.request(`nonce of ${size}`, request(({ claims }) => claims.set(39, filled(3, size))));
  const worlds = { known: {}, unknown: { world: worldWith((map) => map.get(4)[0].set(1, 'other')) },
    'not in force': { world: worldWith((map) => map.get(4)[0].set(3, [[PUBLIC.hospital, 0, T + 50]])) } };
  const forged = (text) => rebuilt((token) => { token.value[3] = flip(token.value[3]); }, 'request', text);
  for (const [name, options] of Object.entries(worlds))
    for (const now of [T + 39, T + 55, T + 110])
      for (const text of [plain, asked(3, 'https://other.example/')])
        for (const signed of [text, forged(text)]) agreement.request(`maker ${name} at ${now - T}`, signed, { ...options, now });
  for (const now of [-161, 30 * DAY]) agreement.request(`list at ${now}`, plain, { now: T + now });
  for (const size of [0, 63]) agreement.request(`signature of ${size}`, rebuilt((token) => { token.value[3] = filled(0, size); }, 'request', plain));
  agreement.request('a live code', open(() => {}));
  agreement.request('a live code as request', open(() => {}).replace('LM1', 'LMR1'));
  agreement.settle(t, 10);
});

test('sealed answers', (t) => {
  const agreement = new Agreement();
  const bytes = fromBase45(answer(() => {}).slice(4));
  const box = (content) => seal(content, SEAL_KEY, SEAL_SEED);
  const sealed = fromBase45(box(bytes).slice(5));
  agreement.open('as it is', box(bytes), expected);
  for (const size of [0, 31, 32, 47, 48, 49]) agreement.open(`cut to ${size}`, writeText('sealed', sealed.slice(0, size)), expected);
  for (const content of [filled(0, 0), Uint8Array.of(1, 2, 3), Buffer.from(answer(() => {}))]) agreement.open('odd content', box(content), expected);
  agreement.open('an open code', box(fromBase45(open(() => {}).slice(4))), expected);
  agreement.open('a paper code', box(fromBase45(paper(() => {}).slice(5))), expected);
  agreement.open('unsealed', answer(() => {}), expected);
  agreement.open('a request', request(() => {}), expected);
  agreement.open('no ephemeral key', writeText('sealed', concat(filled(0, 32), sealed.slice(32))), expected);
  for (const place of [0, 31, 32, 60]) agreement.open(`flipped ${place}`, writeText('sealed', flip(sealed, place)), expected);
  agreement.open('other nonce', box(bytes), { ...expected, nonce: filled(0) });
  agreement.open('other verifier', box(bytes), { ...expected, id: 'other' });
  agreement.open('late', box(bytes), { ...expected, now: T + 91 });
  agreement.settle(t, 8);
});

test('trust lists', (t) => {
  const agreement = new Agreement();
  const with_ = (label, change) => { const map = content(); change(map); agreement.trust(label, signTrust(map)); };
  for (const [iat, exp] of [[0, 0], [5, 0], [-100, 0], [-100, 1], [60, 100], [61, 100]]) agreement.trust(`${iat} to ${exp}`, signTrust(content(), [SEEDS.root], { iat: T + iat, exp: T + exp }));
  agreement.trust('far future', signTrust(content(), [SEEDS.root], { iat: 0, exp: 2 ** 53 }));
  for (const version of [0, 6, 7, 2 ** 53 - 1, 2n ** 64n - 1n]) with_(`version ${version}`, (map) => map.set(1, version));
  for (const policy of [[5, 20, 0], [5, 20, 60], [5, 20, 61], [60, 120, 0], [61, 120, 0], [5, 121, 0], [5, 4, 0]]) with_(`policy ${policy}`, (map) => map.get(3)[0].set(5, policy));
  for (const [from, until] of [[0, 0], [5, 4], [0, 1], [0, 2 ** 53 - 1], [0, 2 ** 53]]) with_(`dated ${from} ${until}`, (map) => map.get(3)[0].set(3, [[PUBLIC.issuer, from, until]]));
  for (const tag of ['en', 'zh-Hans', '', 'x', 'x'.repeat(35), 'x'.repeat(36), 'e n', 'en_US', '中']) with_(`tag ${tag}`, (map) => map.get(3)[0].set(2, new Map([[tag, 'x']])));
  for (const name of ['', 'x'.repeat(120), 'x'.repeat(121), '字'.repeat(40), '字'.repeat(41), 'a\u200b']) with_(`name of ${name.length}`, (map) => map.get(3)[0].set(2, new Map([['en', name]])));
  for (const url of ['https://s/{list}', 'http://localhost/', 'http://localhost', 'http://localhost:5', 'HTTPS://s/', 'https://s/ä', 'https://s/ x', 'http://s/', 'ftp://s', 'http://localhost.evil/',
    'http://localhost@evil/', 'http://localhost:1@evil/', 'http://localhost:1', 'http://localhost:1/', 'http://localhost?', 'http://localhost#', 'http://127.0.0.1/', 'http://127.0.0.1:8',
    'http://127.0.0.10/', 'http://127.0.0.1.evil/', 'http://localhost:/', 'http://LOCALHOST/', 'https://', 'https:///', `https://${'a'.repeat(504)}`, `https://${'a'.repeat(505)}`]) {
    with_(`status list ${url.slice(0, 34)}`, (map) => map.get(3)[0].set(4, url));
    with_(`endpoint ${url.slice(0, 34)}`, (map) => map.get(4)[0].set(6, [url]));
  }
  with_('issuer twice', (map) => map.get(3).push(issuerEntry()));
  with_('verifier twice', (map) => map.get(4).push(verifierEntry()));
  with_('scene twice', (map) => map.get(5).push(map.get(5)[0]));
  with_('one id for both', (map) => map.get(4)[0].set(1, '330100'));
  with_('nobody', (map) => map.set(3, []).set(4, []).set(5, []));
  agreement.settle(t, 5);
});

test('roots and their rotation', (t) => {
  const agreement = new Agreement();
  const [second, third] = [filled(0x22, 32), filled(0x33, 32)];
  const [R, two] = [SEEDS.root, [PUBLIC.root, publicKeyOf(second)]];
  const list = (roots, seeds) => signTrust(content().set(2, roots), seeds);
  const spoilt = (bytes, i) => { const item = decode(bytes, 2 ** 20); item.value[3][i][2] = flip(item.value[3][i][2]); return encode(item); };
  const one = [PUBLIC.root];
  const next = [publicKeyOf(second)];
  const LISTS = { 'by both': list(two, [R, second]), 'by old': list(two, [R]), 'by new': list(two, [second]), 'next by new': list(next, [second]), 'next by both': list(next, [R, second]),
    'next by both, other order': list(next, [second, R]), stranger: list(one, [third]), 'root and stranger': list(one, [R, third]), 'root twice': list(one, [R, R]), bad: spoilt(list(one, [R]), 0),
    'bad and good': spoilt(list(one, [R, R]), 0), 'good and bad': spoilt(list(one, [R, R]), 1), 'new bad': spoilt(list(two, [R, second]), 1), 'old bad': spoilt(list(two, [R, second]), 0),
    'stranger bad': spoilt(list(one, [R, third]), 1), 'next, old bad': spoilt(list(next, [R, second]), 0), 'next, new bad': spoilt(list(next, [R, second]), 1), 'old bad, new missing': spoilt(list(two, [R]), 0),
    'one root twice': list([PUBLIC.root, PUBLIC.root], [R]), 'eight signatures': list(one, Array(8).fill(R)), 'nine signatures': list(one, Array(9).fill(R)), unsigned: list(one, []) };
  for (const [name, bytes] of Object.entries(LISTS))
    for (const roots of [one, next, two])
      for (const options of [{}, { version: 8 }, { now: T + 31 * DAY }, { version: 8, now: T + 31 * DAY }]) agreement.trust(`${name}, ${roots.length} ${options.version} ${options.now}`, bytes, { roots, ...options });
  agreement.settle(t, 6);
});

test("a trust list's envelope", (t) => {
  const agreement = new Agreement();
  const edited = (label, change) => { const item = decode(signTrust(), 2 ** 20); change(item, item.value[3][0]); agreement.trust(label, encode(item)); };
  const kid = filled(0, 8);
  edited('tag', (item) => { item.number = 18; });
  edited('typ', (item) => { item.value[0] = encode(new Map([[16, 'x']])); });
  edited('no typ', (item) => { item.value[0] = encode(new Map()); });
  edited('alg in the body', (item) => { item.value[0] = encode(new Map([[1, -19], [16, 'lmt+cwt']])); });
  edited('unprotected', (item) => { item.value[1] = new Map([[1, 1]]); });
  edited('payload', (item) => { item.value[2] = encode(4); });
  edited('no payload', (item) => { item.value[2] = filled(0, 0); });
  edited('signatures', (item) => { item.value[3] = new Map(); });
  edited('signer', (item) => { item.value[3][0] = 5; });
  edited("signer's unprotected", (item, signer) => { signer[1] = new Map([[4, 1]]); });
  for (const [label, header] of [['no kid', [[1, -19]]], ['no alg', [[4, kid]]], ['alg -7', [[1, -7], [4, kid]]], ['alg -8', [[1, -8], [4, kid]]], ['short kid', [[1, -19], [4, filled(0, 7)]]],
    ['more', [[1, -19], [4, kid], [5, 0]]]]) edited(label, (item, signer) => { signer[0] = encode(new Map(header)); });
  for (const size of [0, 63, 65]) edited(`signature of ${size}`, (item, signer) => { signer[2] = filled(0, size); });
  for (const bytes of [concat(signTrust(), filled(0, 1)), signTrust().slice(0, -1), filled(0, 0)]) agreement.trust(`${bytes.length} bytes`, bytes);
  agreement.settle(t, 8);
});

const Point = ed25519.ExtendedPoint;
const ORDER = ed25519.CURVE.n;
const littleEndian = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const scalarBytes = (value) => Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex')).reverse();
const TORSION = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'); // order 8

// A live code of any device key, with the signature that `make(message)` gives.
function signedBy(key32, make) {
  const parts = openParts();
  parts.claims.set(8, new Map([[1, new Map([[1, 1], [-1, 6], [-2, key32]])]]));
  const inner = innerOf(decode(fromBase45(liveText(parts).slice(4))));
  const header = encode(new Map([...parts.liveHeader, [13, inner]]));
  const payload = encode(parts.live);
  return writeText('live', encode(new Tag(18, [header, new Map(), payload, make(sigStructure(header, payload))])));
}

// [S]B = R + [k]A with R = [r]B + extra, for the first r >= 1 whose k modulo 8 is as `fits` wants.
function craft(key32, scalar, extra, fits = () => true) {
  return (message) => {
    for (let r = 1n; ; r++) {
      const point = Point.BASE.multiply(r).add(extra).toRawBytes();
      const k = littleEndian(sha512(concat(point, key32, message))) % ORDER;
      if (fits(k % 8n)) return concat(point, scalarBytes((r + k * scalar) % ORDER));
    }
  };
}

test('signatures on which verifiers are known to disagree', (t) => {
  const agreement = new Agreement();
  const { scalar } = ed25519.utils.getExtendedPublicKey(SEEDS.device);
  const key = PUBLIC.device;
  const mixed = Point.fromHex(key).add(TORSION).toRawBytes();
  const good = craft(key, scalar, Point.ZERO);
  const plusOrder = (message) => { const made = good(message); return concat(made.slice(0, 32), scalarBytes(littleEndian(made.slice(32)) + ORDER)); };
  const identityR = (message) => { const R = Point.ZERO.toRawBytes(); return concat(R, scalarBytes((littleEndian(sha512(concat(R, key, message))) * scalar) % ORDER)); };
  agreement.verify('good', signedBy(key, good));
  agreement.verify('S + L', signedBy(key, plusOrder));
  agreement.verify('R the identity', signedBy(key, identityR));
  for (const n of [1n, 2n, 4n]) agreement.verify(`R with torsion ${n}`, signedBy(key, craft(key, scalar, TORSION.multiply(n))));
  agreement.verify('key with torsion', signedBy(mixed, craft(mixed, scalar, Point.ZERO, (k) => k !== 0n)));
  agreement.verify('key with torsion, k a multiple of 8', signedBy(mixed, craft(mixed, scalar, Point.ZERO, (k) => k === 0n)));
  agreement.verify('key the identity', signedBy(Point.ZERO.toRawBytes(), craft(Point.ZERO.toRawBytes(), 0n, Point.ZERO)));
  agreement.verify('key of order 8', signedBy(TORSION.toRawBytes(), craft(TORSION.toRawBytes(), 0n, Point.ZERO, (k) => k === 0n)));
  for (const byte of [0, 0xff]) agreement.verify(`key of ${byte}`, signedBy(filled(byte, 32), () => filled(1, 64)));
  agreement.settle(t, 2);
});
