// SPDX-License-Identifier: Apache-2.0
// A country whose keys the tests hold, so that they can make codes of every kind: issuers, agreements, withdrawn codes.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { liangma } from './cli.mjs';
import { repository } from './paths.mjs';
import { DemoServer } from './server.mjs';

const regionsFolder = join(repository, 'tools/regions');
const issuers = {
  330100: ['330100'],
  310000: ['310000'],
  440400: ['440400'],
  '000000': ['440000', '540000'],
};
const kListNumber = 3;
const kFirstIndex = kListNumber * 2 ** 20;
const statusOf = { invalid: 1, suspended: 2, superseded: 3 };
const kYear = 365 * 86400;

export const unixNow = () => Math.floor(Date.now() / 1000);

/** Runs the tool; anything but success is a fault of the test. */
function run(...args) {
  const ran = liangma(...args.map(String));
  if (ran.status !== 0) throw new Error(`liangma ${args.join(' ')}: ${ran.trouble}`);
  return ran;
}

export class Country {
  /** A server without an authority: a gate's own, that only serves what was signed elsewhere. */
  server = new DemoServer([]);
  #keys = {};
  #count = 0;

  constructor() {
    for (const id of [...Object.keys(issuers), 'stranger', 'root', 'device', 'other-gate']) this.#keys[id] = this.#key(id);
    this.#keys.sealing = this.#key('sealing', 'x25519');
    writeFileSync(join(this.server.data, 'server.json'), JSON.stringify({ clinics: [] }));
    this.#signTrustList();
    for (const id of Object.keys(issuers)) this.#signStatusList(id);
    const lists = Object.keys(issuers).map((issuer) => ({ issuer, list: kListNumber }));
    writeFileSync(join(this.server.data, 'public/status/index.json'), JSON.stringify({ lists }));
  }

  path(name) {
    return join(this.server.data, name);
  }

  #key(name, type = 'ed25519') {
    return run('keygen', '--json', '--type', type, '--out', this.path(`${name}.json`)).publicKey ??
      JSON.parse(readFileSync(this.path(`${name}.json`), 'utf8')).x;
  }

  #signTrustList() {
    const inForce = (id) => [{ key: this.#keys[id], notBefore: unixNow() - kYear, notAfter: unixNow() + kYear }];
    const content = {
      version: 1,
      issuers: Object.entries(issuers).map(([id, regions]) => ({
        id, names: { en: id }, keys: inForce(id), regions, statusUrl: `https://status.example/${id}/{list}`,
      })),
      verifiers: [{ id: 'other-gate', names: { en: 'Another gate' }, kind: 'gate', keys: inForce('other-gate'), sealingKey32: this.#keys.sealing, endpoints: [] }],
      scenes: [],
    };
    writeFileSync(this.path('content.json'), JSON.stringify(content));
    const packs = readdirSync(regionsFolder).filter((file) => /^\d{6}\.json$/.test(file));
    run('trust', 'build', '--content', this.path('content.json'), '--root', this.path('root.json'),
      ...packs.flatMap((file) => ['--pack', join(regionsFolder, file)]),
      '--recognitions', join(regionsFolder, 'recognitions.json'), '--out', this.path('trust.json'));
  }

  #signStatusList(id) {
    const folder = this.path(`public/status/${id}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(this.path('changes'), Object.entries(statusOf).map(([status, at]) => `${at} ${status}\n`).join(''));
    run('status', 'build', '--key', this.path(`${id}.json`), '--uri', `https://status.example/${id}/${kListNumber}`,
      '--changes', this.path('changes'), '--entries', 1024, '--out', join(folder, String(kListNumber)));
  }

  /** @param claims  other than those of a green adult; `status`: what the issuer's list says of the code */
  #claims({ status, ...claims }) {
    const statusIndex = kFirstIndex + (statusOf[status] ?? 100 + (this.#count++ % 900));
    writeFileSync(this.path('claims.json'), JSON.stringify({ colour: 'green', name: '张三丰', idTail: '0011', statusIndex, ...claims }));
    return this.path('claims.json');
  }

  #credential(issuer, key, claims, at) {
    const out = this.path('credential');
    run('issue', '--key', this.path(`${key}.json`), '--iss', issuer, '--device', this.#keys.device, '--claims', this.#claims(claims), '--now', at, '--out', out);
    return out;
  }

  /**
   * A live code.
   *
   * @param issuer    who states it
   * @param key       whose key signs it; absent: the issuer's
   * @param issuedAgo, shownAgo  seconds; below 0: in the future
   */
  live({ issuer = '330100', key = issuer, issuedAgo = 3600, shownAgo = 0, ...claims } = {}) {
    const credential = this.#credential(issuer, key, claims, unixNow() - issuedAgo);
    return run('show', '--credential', credential, '--device-key', this.path('device.json'), '--now', unixNow() - shownAgo).text;
  }

  paper(claims = {}) {
    return run('paper', '--key', this.path('330100.json'), '--iss', '330100', '--claims', this.#claims(claims)).text;
  }

  /** A good answer to another gate's question. */
  answerToAnotherGate() {
    const { text } = run('request', '--key', this.path('other-gate.json'), '--verifier', 'other-gate', '--purpose', 'entry');
    const credential = this.#credential('330100', '330100', {}, unixNow() - 60);
    return run('answer', '--request', text, '--credential', credential, '--device-key', this.path('device.json'), '--trust', this.path('trust.json')).text;
  }
}
