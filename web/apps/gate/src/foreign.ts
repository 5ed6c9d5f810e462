// SPDX-License-Identifier: Apache-2.0

/** What is held up by mistake, and the key of the text that says what it is. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^HC1:/, 'gate.other.eu-certificate'],
  [/^shc:\//i, 'gate.other.smart-card'],
  [/^https?:\/\//i, 'gate.other.web-address'],
  [/^LMR\d:/, 'gate.other.request'],
  [/^LMS\d:/, 'gate.other.sealed-answer'],
];

/** The base45 of the two signatures alone is longer. */
const kLeastCodeLength = 200;

/** The key of what a text is, where it is no code to be checked here; undefined where its verdict says enough. */
export function foreignKind(text: string, reason: string): string | undefined {
  const named = kinds.find(([pattern]) => pattern.test(text))?.[1];
  if (named) return named;
  const isFragment = /^LM[1P]/.test(text) && text.length < kLeastCodeLength && /^(base45|cbor|cose)\./.test(reason);
  return isFragment ? 'gate.fragment' : undefined;
}
