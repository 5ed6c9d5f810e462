// SPDX-License-Identifier: Apache-2.0
import { fromBase64Url, toBase64Url } from './bytes.js';
import type { Credential, DeviceKey, WalletModule } from './modules.js';
import { parseJson, type SafeStore, toJson } from './store.js';
import type { ColourId, CredentialInfo } from './types.js';
import type { AppealState, ColourReason, Fault, Person, PersonState, Relation } from './wallet-types.js';

/** How a person is kept, sealed as a whole. */
interface PersonRecord {
  /** When the person came into this wallet, Unix seconds: the order in which people are shown. */
  readonly addedAt: number;
  /** The device key, sealed under the host key. */
  readonly sealedKey: string;
  /** What is being traded in; gone once the credential is there. */
  readonly ticket?: string;
  /** Whose key this is, too: their guardian's, who trades the ticket in. */
  readonly relation?: Relation;
  readonly credential?: string;
  readonly reason?: ColourReason;
  readonly appeal?: AppealState;
  /** The colour that the issuer has told of, where no code of it has come yet. */
  readonly awaited?: ColourId;
}

/** A person as held in memory. */
export interface Holder {
  readonly id: string;
  readonly addedAt: number;
  readonly sealedKey: Uint8Array;
  readonly ticket?: string | undefined;
  readonly relation?: Relation | undefined;
  readonly key: DeviceKey;
  readonly encoded?: Uint8Array | undefined;
  readonly credential?: Credential | undefined;
  readonly info?: CredentialInfo | undefined;
  readonly reason?: ColourReason | undefined;
  readonly appeal?: AppealState | undefined;
  readonly awaited?: ColourId | undefined;
}

/** What opens the stored people. */
export interface RecordKeys {
  /** Seals each record: the host's key, or the one that the PIN gives out. */
  readonly recordKey32: Uint8Array;
  /** Seals each device key inside its record. */
  readonly hostKey32: Uint8Array;
}

const recordPrefix = 'person-';

export function recordName(id: string): string {
  return recordPrefix + id;
}

function storedIds(store: SafeStore): string[] {
  return store.names.filter((each) => each.startsWith(recordPrefix)).map((each) => each.slice(recordPrefix.length));
}

export function encodeHolder(holder: Holder): Uint8Array {
  return toJson({
    addedAt: holder.addedAt,
    sealedKey: toBase64Url(holder.sealedKey),
    ...(holder.ticket === undefined ? {} : { ticket: holder.ticket }),
    ...(holder.relation && { relation: holder.relation }),
    ...(holder.encoded ? { credential: toBase64Url(holder.encoded) } : {}),
    ...(holder.reason && { reason: holder.reason }),
    ...(holder.appeal && { appeal: holder.appeal }),
    ...(holder.awaited && { awaited: holder.awaited }),
  } satisfies PersonRecord);
}

/** Restores everybody, in the order in which they came, each on their own. */
export async function readHolders(
  module: WalletModule,
  store: SafeStore,
  keys: RecordKeys,
): Promise<{ holders: Holder[]; faults: Fault[] }> {
  const holders: Holder[] = [];
  const faults: Fault[] = [];
  for (const id of storedIds(store)) {
    const restored = restore(module, id, await store.read(recordName(id)), keys);
    if ('code' in restored) faults.push(restored);
    else holders.push(restored);
  }
  return { holders: holders.sort((one, other) => one.addedAt - other.addedAt), faults };
}

function restore(
  module: WalletModule,
  id: string,
  kept: Uint8Array | 'damaged' | undefined,
  { recordKey32, hostKey32 }: RecordKeys,
): Holder | Fault {
  const damaged: Fault = { id, code: 'storage.damaged' };
  if (!kept || kept === 'damaged') return damaged;
  const opened = module.openRecord(kept, recordKey32);
  if (!opened.ok) return opened.code === 'vault.unreadable' ? { id, code: 'wallet.key-unreadable' } : damaged;
  const record = parseJson<PersonRecord>(opened.value);
  const sealedKey = typeof record?.sealedKey === 'string' ? fromBase64Url(record.sealedKey) : undefined;
  if (!record || !sealedKey) return damaged;
  const key = module.DeviceKey.openHost(sealedKey, hostKey32);
  if (!key.ok) return damaged;
  const { addedAt, ticket, relation, reason, appeal, awaited } = record;
  const holder: Holder = { id, addedAt, sealedKey, ticket, relation, key: key.value, reason, appeal };
  const encoded = record.credential && fromBase64Url(record.credential);
  return encoded ? { ...withCredential(module, holder, encoded), awaited } : holder;
}

/** The holder with a credential; unchanged where it cannot be read. */
export function withCredential(module: WalletModule, holder: Holder, encoded: Uint8Array): Holder {
  const parsed = module.Credential.parse(encoded);
  if (!parsed.ok) return holder;
  return { ...holder, ticket: undefined, awaited: undefined, encoded, credential: parsed.value, info: parsed.value.info() };
}

export function release(holder: Holder): void {
  holder.key.delete();
  holder.credential?.delete();
}

/** What is shown of a holder; undefined for one whose code has not arrived. */
export function describe(holder: Holder, now: number): Person | undefined {
  const { info, reason, appeal } = holder;
  if (!info) return undefined;
  const { issuer, region, colour, maskedName, idTail, issuedAt, expiresAt, identity } = info;
  const state = stateOf(info, now);
  return {
    id: holder.id,
    state,
    issuer,
    region,
    colour,
    maskedName,
    idTail,
    issuedAt,
    expiresAt,
    identity,
    ...(reason && { reason }),
    ...(appeal && { appeal }),
  };
}

/**
 * From when on a code is to be renewed, Unix seconds: a moment between 3/8 and 5/8 of its life, by its random subject, so
 * that those who enrolled at once do not come back at once.
 */
export function renewalDueAt({ subject, issuedAt, expiresAt }: CredentialInfo): number {
  const [high = 0, low = 0] = fromBase64Url(subject) ?? [];
  const spread = (high * 256 + low) / 65536;
  return Math.floor(issuedAt + (expiresAt - issuedAt) * (0.375 + spread / 4));
}

function stateOf(info: CredentialInfo, now: number): PersonState {
  if (now >= info.expiresAt) return 'expired';
  return now < info.issuedAt ? 'not-yet' : 'ready';
}
