// SPDX-License-Identifier: Apache-2.0
// What runs inside each contender's own process or page: opens it, repeats its tasks, shows its work.
import { fromHex } from './bytes.mjs';

const warmUpMilliseconds = 400;
const sliceMilliseconds = 4;

function readPayload(json) {
  return {
    now: json.now,
    claims: json.claims,
    rootPublic: fromHex(json.root.public),
    issuerSeed: fromHex(json.issuer.seed),
    issuerPublic: fromHex(json.issuer.public),
    deviceSeed: fromHex(json.device.seed),
    devicePublic: fromHex(json.device.public),
    deviceKeySealed: fromHex(json.deviceKeySealed),
    hostKey: fromHex(json.hostKey),
    trustList: fromHex(json.trustList),
    credential: fromHex(json.credential),
  };
}

export function createHarness(contender) {
  let tasks;
  let kept = 0;

  /** What the tasks give is looked at, so that no work can be left out. */
  function keep(result) {
    kept = (kept + result) | 0;
  }

  function createTasks(json, holder, gate, issuer) {
    const { liveCodes, now } = json;
    const draw = holder.draw ?? contender.draw;
    const drawn = new Uint8Array(fromHex(json.issueEntropy).length);
    return {
      async frame(i) {
        const { text, symbol } = await holder.frame(now + (i % 3600));
        keep(text.charCodeAt(text.length - 1) + contender.modules(symbol).dark(20, 20));
      },
      async verify(i) {
        const verdict = await gate.verify(liveCodes[i % liveCodes.length], now + liveCodes.length);
        if (verdict.decision !== 'admit') throw new Error(verdict.reason);
        keep(verdict.ageSeconds);
      },
      async issue() {
        globalThis.crypto.getRandomValues(drawn);
        const credential = await issuer.issue(drawn);
        keep(credential[credential.length - 1]);
      },
      symbol(i) {
        keep(contender.modules(draw(liveCodes[i % liveCodes.length])).dark(20, 20));
      },
    };
  }

  async function repeat(task, count, from) {
    const begun = performance.now();
    for (let i = 0; i < count; i += 1) {
      const result = task(from + i);
      if (result !== undefined) await result;
    }
    return performance.now() - begun;
  }

  async function warmUp(task) {
    const end = performance.now() + warmUpMilliseconds;
    for (let i = 0; performance.now() < end; i += 10) await repeat(task, 10, i);
    const count = 20;
    return (await repeat(task, count, 0)) / count;
  }

  const perSlice = new Map();

  return {
    wasmFiles: contender.wasmFiles ?? [],

    /** @param wasm  the bytes of each of wasmFiles */
    async open(json, wasm) {
      const payload = readPayload(json);
      const holder = await contender.openHolder(payload, wasm);
      const gate = await contender.openGate(payload, wasm);
      const issuer = await contender.openIssuer(payload, wasm);
      this.parts = { holder, gate, issuer };
      tasks = createTasks(json, holder, gate, issuer);
    },

    /** Mean microseconds of each of a few short slices. */
    async run(name, slices) {
      const task = tasks[name];
      if (!perSlice.has(name)) perSlice.set(name, Math.max(1, Math.round(sliceMilliseconds / (await warmUp(task)))));
      const count = perSlice.get(name);
      const means = [];
      for (let slice = 0; slice < slices; slice += 1) means.push(((await repeat(task, count, slice * count)) * 1000) / count);
      return means;
    },

    /** Everything that it makes of the payload, for the judge. */
    async show(json) {
      const { holder, gate, issuer } = this.parts;
      const frames = [];
      for (let i = 0; i < json.liveCodes.length; i += 1) {
        const { text, symbol } = await holder.frame(json.now + i);
        frames.push({ text, symbol: rows(contender.modules(symbol)) });
      }
      const verdicts = [];
      for (const { text, now } of json.checks) verdicts.push(await gate.verify(text, now));
      return { frames, verdicts, credential: [...(await issuer.issue(fromHex(json.issueEntropy)))] };
    },

    /** The modules, as '0' and '1', that the core's wasm draws for a text at one version and level. */
    drawSymbol(text, level, version) {
      const { sizeModules, modules } = this.parts.issuer.drawSymbol(text, level, version);
      return { sizeModules, modules: [...modules].join('') };
    },

    /** From a contender that only exists as bytes to the first frame. */
    async begin(json, wasm) {
      const holder = await contender.openHolder(readPayload(json), wasm);
      const { text, symbol } = await holder.frame(json.now);
      contender.modules(symbol).dark(20, 20);
      return text;
    },
  };
}

function rows({ sizeModules, dark }) {
  const all = Array.from({ length: sizeModules }, (_, i) => i);
  return all.map((y) => all.map((x) => (dark(x, y) ? '#' : '.')).join(''));
}
