// SPDX-License-Identifier: Apache-2.0
// What the package writes out by itself, because mini-programs lack it; and its texts.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { sdkFolder } from './support/paths.mjs';
import { nodeHost, sdk } from './support/sdk.mjs';

const { messages, makeMessages, locales } = await import(
  pathToFileURL(join(sdkFolder, 'dist/esm/messages.js'))
);

test('base64url is Node’s', () => {
  for (let length = 0; length < 100; length++) {
    const bytes = new Uint8Array(randomBytes(length));
    const text = Buffer.from(bytes).toString('base64url');
    assert.equal(sdk.toBase64Url(bytes), text);
    assert.deepEqual(sdk.fromBase64Url(text), bytes);
  }
});

test('base64url that nobody writes is not read', () => {
  for (const text of ['A', 'AAAAA', 'AB', 'AAB', 'AA==', 'A+', 'A/', 'A A', '亮码', 'AA\n']) {
    assert.equal(sdk.fromBase64Url(text), undefined, text);
  }
});

test('records keep any text, as UTF-8', async () => {
  const host = nodeHost();
  const texts = ['', 'plain', 'é', '张三丰', '𠮷野家', '100 % %41', 'a\u0000b', '\ud800'];
  const store = await sdk.SafeStore.open(host, 'test');
  await store.commit({ texts: new TextEncoder().encode(JSON.stringify(texts)) });
  assert.deepEqual(await store.getJson('texts'), texts);
  await store.commit({ texts: new Uint8Array([0x22, 0xff, 0x22]) });
  assert.equal(await store.getJson('texts'), undefined);
});

test('names go by language, then script, then whatever there is', () => {
  const available = ['en', 'zh-Hans', 'zh-Hant'];
  const picks = {
    'zh-CN': 'zh-Hans',
    zh: 'zh-Hans',
    'zh-TW': 'zh-Hant',
    'zh-hant-HK': 'zh-Hant',
    'en-GB': 'en',
    fr: undefined,
  };
  for (const [wanted, picked] of Object.entries(picks))
    assert.equal(sdk.pickLocale(wanted, available), picked, wanted);
  assert.equal(sdk.pickLocale('zh-TW', ['zh-Hans']), 'zh-Hans');
  assert.equal(sdk.pickName({ 'zh-Hans': '杭州市' }, 'fr'), '杭州市');
  assert.equal(sdk.pickName({}, 'fr'), undefined);
});

test('texts are filled in, missing ones show their key', async () => {
  assert.ok(locales.includes('en') && locales.includes('zh-Hans'));
  assert.ok(!locales.includes('schema'));
  const made = makeMessages('en', { 'a.b': '{n} of {total} {unknown}' });
  assert.equal(made.t('a.b', { n: 1, total: '$&' }), '1 of $& {unknown}');
  assert.equal(made.t('a.c'), 'a.c');
  assert.equal(made.t('constructor'), 'constructor');
  assert.equal((await messages('sw')).locale, 'en');
  const chinese = await messages('zh-SG');
  assert.equal(chinese.locale, 'zh-Hans');
  assert.ok(sdk.errorCodes.every((id) => chinese.has(id)));
});
