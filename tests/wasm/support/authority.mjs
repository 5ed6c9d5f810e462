// SPDX-License-Identifier: Apache-2.0
// An issuer, a root and a hospital, all of them run by the native command line tool.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colourRecord } from './colour-record.mjs';
import { cli, repository } from './paths.mjs';

/** A moment in 2026 at which everything here happens, unless a test moves its clock. */
export const t0 = 1_790_000_000;
export const issuerId = '330100';
export const hospitalId = 'H33010001';
export const answerUrl = 'https://hospital.example/answers';

/** The packs that speak in Hangzhou, as a trust list names them, with their bytes. */
export const packs = ['000000', '330000', '330100'].map((region) => {
  const bytes = new Uint8Array(readFileSync(join(repository, `tools/regions/${region}.json`)));
  const { version } = JSON.parse(Buffer.from(bytes));
  return { region, version, sha256: createHash('sha256').update(bytes).digest('base64url'), bytes };
});

export const claims = {
  colour: 'green',
  identity: { fullName: '张三丰', idType: '01', idNumber: '11010519491231002X', phone: '13800000000' },
};

/** Runs the tool; its own exit code 1 (refused) and 2 (check) are answers too. */
export function liangma(args, input) {
  const run = spawnSync(cli, args.map(String), { input, encoding: 'utf8' });
  if (run.error) throw run.error;
  if (run.status > 2) throw new Error(`liangma ${args.join(' ')}: exit ${run.status}\n${run.stderr}`);
  return run.stdout.trim();
}

export class Authority {
  /** @param now  when the trust list is issued */
  constructor(now = t0) {
    this.folder = mkdtempSync(join(tmpdir(), 'liangma-test-'));
    process.on('exit', () => rmSync(this.folder, { recursive: true, force: true }));
    this.keys = Object.fromEntries(
      [['issuer'], ['root'], ['hospital'], ['hospital-sealing', 'x25519']].map(([name, type = 'ed25519']) => [
        name,
        JSON.parse(liangma(['keygen', '--json', '--type', type, '--out', this.path(`${name}.json`)])),
      ]),
    );
    this.publicKeys = Object.fromEntries(
      Object.keys(this.keys).map((name) => [
        name,
        JSON.parse(readFileSync(this.path(`${name}.json`), 'utf8')).x,
      ]),
    );
    this.publish(1, now);
  }

  path(name) {
    return join(this.folder, name);
  }

  /** Signs a trust list. */
  publish(version, now, changes = {}) {
    const inForce = (name) => ({ key: this.publicKeys[name], notBefore: t0 - 1e7, notAfter: t0 + 1e8 });
    const content = {
      version,
      issuers: [
        {
          id: issuerId,
          names: { 'zh-Hans': '杭州市', en: 'Hangzhou' },
          keys: [inForce('issuer')],
          regions: [issuerId],
        },
      ],
      verifiers: [
        {
          id: hospitalId,
          names: { 'zh-Hans': '市一医院', en: 'First Hospital' },
          kind: 'hospital',
          keys: [inForce('hospital')],
          sealingKey32: this.publicKeys['hospital-sealing'],
          endpoints: [answerUrl],
        },
      ],
      scenes: [
        { id: 'metro', names: { 'zh-Hans': '地铁', en: 'Metro' }, required: 'time', windowSeconds: 10 },
        { id: 'ward', names: { 'zh-Hans': '病房', en: 'Ward' }, required: 'challenge' },
      ],
      packs: packs.map(({ region, version, sha256 }) => ({ region, version, sha256 })),
      ...changes,
    };
    writeFileSync(this.path('content.json'), JSON.stringify(content));
    const trustFile = this.path('trust.json');
    liangma([
      'trust',
      'build',
      '--now',
      now,
      '--content',
      this.path('content.json'),
      '--root',
      this.path('root.json'),
      '--ttl',
      7 * 86400,
      '--out',
      trustFile,
    ]);
    const trust = JSON.parse(readFileSync(trustFile, 'utf8'));
    this.list = new Uint8Array(Buffer.from(trust.list, 'base64url'));
    this.roots = trust.roots.map((root) => new Uint8Array(Buffer.from(root, 'base64url')));
  }

  /** Signs a credential for a device's public key. */
  issue(publicKey, { now = t0, ttl = 86400, ...changes } = {}) {
    writeFileSync(this.path('claims.json'), JSON.stringify({ ...claims, ...changes }));
    const out = this.path('c.cred');
    liangma([
      'issue',
      '--now',
      now,
      '--key',
      this.path('issuer.json'),
      '--iss',
      issuerId,
      '--device',
      Buffer.from(publicKey).toString('base64url'),
      '--claims',
      this.path('claims.json'),
      '--ttl',
      ttl,
      '--out',
      out,
    ]);
    return new Uint8Array(readFileSync(out));
  }

  /** Signs the record of a colour: what the rules give, or what `bent` says. */
  record(colour, { now = t0, ...bent } = {}) {
    return new Uint8Array(colourRecord(this.path('issuer.json'), { issuer: issuerId, now, colour, ...bent }));
  }

  /** What a gate that runs the native tool says. */
  verify(text, now, extra = []) {
    return JSON.parse(
      liangma(['verify', '--json', '--now', now, '--trust', this.path('trust.json'), ...extra, '-'], text),
    );
  }

  /** Signs a request. */
  request(now, { wanted = ['fullName', 'idNumber', 'phone'], url = answerUrl, nonce } = {}) {
    const made = JSON.parse(
      liangma([
        'request',
        '--json',
        '--now',
        now,
        '--key',
        this.path('hospital.json'),
        '--verifier',
        hospitalId,
        '--purpose',
        'registration',
        '--wanted',
        wanted.join(','),
        ...(url ? ['--answer-url', url] : []),
        ...(nonce ? ['--nonce', nonce] : []),
      ]),
    );
    return { text: made.request ?? made.text, nonce: made.nonce, wanted };
  }

  /** Opens a sealed answer as the hospital does. */
  open(sealed, request, now) {
    return JSON.parse(
      liangma(
        [
          'open',
          '--json',
          '--now',
          now,
          '--key',
          this.path('hospital-sealing.json'),
          '--request-nonce',
          request.nonce,
          '--verifier',
          hospitalId,
          '--trust',
          this.path('trust.json'),
          '--wanted',
          request.wanted.join(','),
          '-',
        ],
        sealed,
      ),
    );
  }
}
