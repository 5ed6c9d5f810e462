// SPDX-License-Identifier: Apache-2.0
import type { DecisionId } from 'liangma';

/** Hertz and seconds, one after the other: rising is good, low and long is not. */
const tones: { readonly [id in DecisionId]: readonly (readonly [number, number])[] } = {
  admit: [[660, 0.09], [990, 0.16]],
  check: [[560, 0.14], [0, 0.07], [560, 0.14]],
  refuse: [[220, 0.45]],
};
const buzzes: { readonly [id in DecisionId]: readonly number[] } = {
  admit: [60],
  check: [90, 70, 90],
  refuse: [320, 90, 320],
};

let audio: AudioContext | undefined;

/** Browsers let a page sound only after a touch: call it from one. */
export function unlockSound(): void {
  audio ??= new AudioContext();
  if (audio.state === 'suspended') void audio.resume();
}

function play(context: AudioContext, id: DecisionId): void {
  let at = context.currentTime;
  for (const [hertz, seconds] of tones[id]) {
    if (hertz > 0) playTone(context, hertz, at, seconds);
    at += seconds;
  }
}

function playTone(context: AudioContext, hertz: number, at: number, seconds: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = 'triangle';
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.5, at + 0.01);
  volume.gain.linearRampToValueAtTime(0, at + seconds);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + seconds);
}

/** Tells a decision to ear and hand. */
export function signal(id: DecisionId, muted: boolean): void {
  if (muted) return;
  if (audio?.state === 'running') play(audio, id);
  navigator.vibrate?.([...buzzes[id]]);
}
