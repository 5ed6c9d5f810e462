// SPDX-License-Identifier: Apache-2.0
import type { Door } from 'liangma';

/** What the browser would not keep: it holds for this visit. */
const unkept = new Map<string, string>();

/** What this gate's device remembers beside the trust data: where it stands, and what it does there. */
function read(key: string): string {
  try {
    return unkept.get(key) ?? localStorage.getItem(`liangma.gate.${key}`) ?? '';
  } catch {
    return '';
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`liangma.gate.${key}`, value);
    unkept.delete(key);
  } catch {
    unkept.set(key, value);
  }
}

const isPlace = (text: string): boolean => /^\d{6}$/.test(text);

export const settings = {
  /** The door that was chosen; its scene is absent before the first choice. */
  get door(): Door {
    const place = read('place');
    if (place !== '' && !isPlace(place)) return {};
    return { place: place || undefined, scene: read('scene') || undefined };
  },
  set door({ place, scene }: Door) {
    write('place', place ?? '');
    write('scene', scene ?? '');
  },
  get muted(): boolean {
    return read('muted') === 'yes';
  },
  set muted(value: boolean) {
    write('muted', value ? 'yes' : 'no');
  },
  /** Whether this door keeps a list of who has shown a code. */
  get listing(): boolean {
    return read('listing') === 'yes';
  },
  set listing(value: boolean) {
    write('listing', value ? 'yes' : 'no');
  },
  /** A JSON text. */
  get counts(): string {
    return read('counts');
  },
  set counts(value: string) {
    write('counts', value);
  },
};
