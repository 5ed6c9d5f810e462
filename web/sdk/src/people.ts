// SPDX-License-Identifier: Apache-2.0
import { fromBase64Url, toBase64Url } from './bytes.js';
import type { Credential, DeviceKey, WalletModule } from './modules.js';
import { type SafeStore, toJson } from './store.js';
import type { CredentialInfo } from './types.js';
import type { Person, PersonState } from './wallet-types.js';

/** How a person is kept. */
interface PersonRecord {
  /** When the person came into this wallet, Unix seconds: the order in which people are shown. */
  readonly addedAt: number;
  /** The device key, sealed under the host key. */
  readonly sealedKey: string;
  /** What is being traded in; gone once the credential is there. */
  readonly ticket?: string;
  readonly credential?: string;
}

/** A person as held in memory. */
export interface Holder {
  readonly id: string;
  readonly addedAt: number;
  readonly sealedKey: Uint8Array;
  readonly ticket?: string | undefined;
  /** Absent: sealed by another device. */
  readonly key?: DeviceKey | undefined;
  readonly encoded?: Uint8Array | undefined;
  readonly credential?: Credential | undefined;
  readonly info?: CredentialInfo | undefined;
}

const recordPrefix = 'person-';

export function recordName(id: string): string {
  return recordPrefix + id;
}

export function encodeHolder(holder: Holder): Uint8Array {
  return toJson({
    addedAt: holder.addedAt,
    sealedKey: toBase64Url(holder.sealedKey),
    ...(holder.ticket === undefined ? {} : { ticket: holder.ticket }),
    ...(holder.encoded ? { credential: toBase64Url(holder.encoded) } : {}),
  } satisfies PersonRecord);
}

/** Restores everybody, in the order in which they came. */
export async function readHolders(
  module: WalletModule,
  store: SafeStore,
  hostKey32: Uint8Array,
): Promise<Holder[]> {
  const holders: Holder[] = [];
  for (const name of store.names.filter((each) => each.startsWith(recordPrefix))) {
    const record = await store.getJson<PersonRecord>(name);
    if (record) holders.push(restore(module, name.slice(recordPrefix.length), record, hostKey32));
  }
  return holders.sort((one, other) => one.addedAt - other.addedAt);
}

function restore(module: WalletModule, id: string, record: PersonRecord, hostKey32: Uint8Array): Holder {
  const sealedKey = fromBase64Url(record.sealedKey) ?? new Uint8Array();
  const key = module.DeviceKey.openHost(sealedKey, hostKey32);
  const holder: Holder = {
    id,
    addedAt: record.addedAt,
    sealedKey,
    ticket: record.ticket,
    key: key.ok ? key.value : undefined,
  };
  const encoded = record.credential && fromBase64Url(record.credential);
  return encoded ? withCredential(module, holder, encoded) : holder;
}

/** The holder with a credential; unchanged where it cannot be read. */
export function withCredential(module: WalletModule, holder: Holder, encoded: Uint8Array): Holder {
  const parsed = module.Credential.parse(encoded);
  if (!parsed.ok) return holder;
  return { ...holder, ticket: undefined, encoded, credential: parsed.value, info: parsed.value.info() };
}

export function release(holder: Holder): void {
  holder.key?.delete();
  holder.credential?.delete();
}

/** What is shown of a holder; undefined for one whose code has not arrived. */
export function describe(holder: Holder, now: number): Person | undefined {
  const { info } = holder;
  if (!info) return undefined;
  const { issuer, region, colour, maskedName, idTail, issuedAt, expiresAt, identity } = info;
  const state = stateOf(holder, info, now);
  return { id: holder.id, state, issuer, region, colour, maskedName, idTail, issuedAt, expiresAt, identity };
}

function stateOf(holder: Holder, info: CredentialInfo, now: number): PersonState {
  if (!holder.key) return 'unreadable';
  if (now >= info.expiresAt) return 'expired';
  return now < info.issuedAt ? 'not-yet' : 'ready';
}
