// SPDX-License-Identifier: Apache-2.0

/** What this gate's device remembers: which door it stands at, and whether it makes a sound. */
function read(key: string): string {
  try {
    return localStorage.getItem(`liangma.gate.${key}`) ?? '';
  } catch {
    return '';
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`liangma.gate.${key}`, value);
  } catch {
    // A browser that keeps nothing: the choice holds for this visit.
  }
}

export const settings = {
  get sceneId(): string {
    return read('scene');
  },
  set sceneId(value: string) {
    write('scene', value);
  },
  get muted(): boolean {
    return read('muted') === 'yes';
  },
  set muted(value: boolean) {
    write('muted', value ? 'yes' : 'no');
  },
};
