// Drives real SDKs in Chromium against a collector on loopback, and compares what they send with the rules.
//
// In: `rules/vendors/<id>.toml`, `sdks/<id>.mjs`, the npm packages and a built `divulge`. Out: a table of what was seen, and
// exit status 1 if anything of it and the rule disagree. `node main.mjs [ID…] [--verbose] [--dump=DIRECTORY]`.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { build } from 'esbuild';
import { parse } from 'smol-toml';

import { Browser } from './browser.mjs';
import { classesOf, lasting, tokens } from './classes.mjs';
import { start } from './collector.mjs';
import { Decoded } from './decode.mjs';
import { scenarios } from './scenarios.mjs';
import { pay } from './visit.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..');
// A visit is mostly waiting.
const SIDE_BY_SIDE = 8;
const ATTEMPTS = 3;
let visits = 0;
const SDKS = ['mixpanel', 'posthog', 'amplitude', 'segment', 'sentry', 'rudderstack', 'logrocket', 'fullstory'];

const verbose = process.argv.includes('--verbose');
const dump = process.argv.find((arg) => arg.startsWith('--dump='))?.slice('--dump='.length);
const asked = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));

// The newest build: an older one knows older rules.
const built = ['release', 'debug'].map((profile) => join(ROOT, 'target', profile, 'divulge')).filter((path) => existsSync(path));
built.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
const divulge = process.env.DIVULGE ?? built[0];
if (!divulge) {
  console.error('no divulge: build it first, or name it by DIVULGE');
  process.exit(2);
}

/** What `divulge` says of the same source: by class and property, whether it is on. */
async function expected(sdk, source, id) {
  const directory = mkdtempSync(join(tmpdir(), 'sdk-scan-'));
  try {
    writeFileSync(join(directory, 'app.js'), source);
    const version = JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')).dependencies[sdk.package];
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'app', dependencies: { [sdk.package]: version } }));
    const args = ['scan', directory, '--no-config', '--format', 'json', '--fail-on', 'never', '--vendor', id, '-q'];
    const report = JSON.parse((await promisify(execFile)(divulge, args)).stdout);
    return new Map(report.auto_collected.map((auto) => [auto.property, auto.enabled]));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function bundle(source) {
  const result = await build({
    stdin: { contents: source, resolveDir: HERE },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return result.outputFiles[0].text;
}

function merged(base, over) {
  const isObject = (value) => value && typeof value === 'object' && !Array.isArray(value);
  if (!isObject(base) || !isObject(over)) return over === undefined ? base : over;
  return Object.fromEntries([...new Set([...Object.keys(base), ...Object.keys(over)])].map((key) => [key, merged(base[key], over[key])]));
}

/** Runs scenarios, a few side by side; one that the browser does not survive is tried again. */
async function visitAll(jobs, collector, browser, patience) {
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const job = jobs[next++];
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const visit = { id: String(++visits), sdk: job.sdk, patience, requests: [], errors: [], phase: 'load' };
        job.visit = visit;
        try {
          visit.bundle = job.bundle ??= await bundle(job.source);
          job.says ??= await expected(job.sdk, job.source, job.id);
          collector.open(visit);
          await pay(await browser.get(), visit);
          break;
        } catch (error) {
          visit.errors.push(`the visit failed: ${error.message}`);
          visit.failed = true;
        }
      }
    }
  };
  await Promise.all(Array.from({ length: patience > 1 ? 2 : SIDE_BY_SIDE }, worker));
}

const decoded = (requests) => requests.reduce((all, request) => all.request(request), new Decoded());

/** Compares one SDK's visits with its rule. */
function judge(id, sdk, rule, jobs) {
  const wrong = [];
  const rows = new Map();
  for (const job of jobs) {
    const { requests } = job.visit;
    job.all = decoded(requests);
    job.first = tokens(decoded(requests.filter(({ phase }) => phase !== 'again')));
    job.second = tokens(decoded(requests.filter(({ phase }) => phase === 'again')));
  }
  for (const job of jobs) {
    const { all, visit, name } = job;
    const others = new Set(jobs.filter((other) => other !== job).flatMap((other) => [...other.first]));
    const ids = lasting(job.first, job.second, others);
    const classes = classesOf(all);
    if (ids.length > 0) classes.set('device_id', ids.slice(0, 2));
    if (visit.failed) {
      wrong.push({ job, what: visit.errors.at(-1) });
      continue;
    }
    const says = job.says ?? new Map();
    const explained = new Set();
    for (const auto of rule.auto ?? []) {
      const elsewhere = sdk.elsewhere?.[auto.property];
      if (isUnseen(auto) || elsewhere || (auto.packages && !auto.packages.includes(sdk.package))) continue;
      const witness = sdk.seen[auto.property];
      if (!witness) {
        wrong.push({ job, what: `no witness for ${auto.class} "${auto.property}"` });
        continue;
      }
      const seen = witness({ decoded: all, ids, requests: visit.requests, phase: (...phases) => decoded(visit.requests.filter(({ phase }) => phases.includes(phase))) });
      const enabled = says.get(auto.property) ?? false;
      if (enabled) explained.add(auto.class);
      const row = rows.get(auto.property) ?? { class: auto.class, cells: [] };
      row.cells.push({ name, seen, enabled });
      rows.set(auto.property, row);
      if (seen !== enabled) {
        wrong.push({ job, what: `${auto.class} "${auto.property}" ${seen ? 'goes out, the rule says it does not' : 'does not go out, the rule says it does'}` });
      }
    }
    for (const [seen, words] of classes) {
      if (!explained.has(seen)) wrong.push({ job, what: `${seen} goes out (${words.join(', ')}) and no entry of the rule says so` });
    }
  }
  return { wrong, rows };
}

/** Writes down what was sent, where that is asked for. */
function tell(id, jobs) {
  for (const { name, visit } of jobs) {
    const all = decoded(visit.requests);
    const classes = classesOf(all);
    if (dump) {
      mkdirSync(dump, { recursive: true });
      const lines = visit.requests.map(({ phase, method, url, body }) => {
        const { strings, keys } = new Decoded().request({ url, body });
        return JSON.stringify({ phase, method, address: url.host + url.pathname, keys: Object.fromEntries(keys), strings: strings.length });
      });
      writeFileSync(join(dump, `${id}-${name.replace(/[^\w.]+/g, '_')}.jsonl`), lines.join('\n'));
    }
    if (verbose) {
      console.log(`\n-- ${id} ${name}`);
      if (visit.errors.length > 0) console.log(`   errors: ${[...new Set(visit.errors)].join(' | ')}`);
      for (const { phase, method, url, body } of visit.requests) {
        if (phase !== 'again') console.log(`   ${phase} ${method} ${url.host}${url.pathname} ${body.length}`);
      }
      console.log('  ', [...classes].map(([seen, words]) => `${seen}(${words.join(',')})`).join(' '));
      if (name === 'defaults') console.log('   keys:', [...all.keys.keys()].filter((key) => key.length < 40).sort().join(' '));
    }
  }
}

function table(id, sdk, rows, jobs) {
  console.log(`\n${id} (${sdk.package} ${JSON.parse(readFileSync(join(HERE, 'package.json'), 'utf8')).dependencies[sdk.package]}), ${jobs.length} scenarios`);
  for (const [property, { class: id, cells }] of rows) {
    const [defaults, ...switches] = cells;
    const turned = switches.filter(({ seen }) => seen !== defaults.seen).map(({ name, seen }) => `${seen ? 'on' : 'off'} by ${name}`);
    console.log(`  ${defaults.seen ? 'on ' : 'off'} ${id.padEnd(10)} ${property}${turned.length > 0 ? `\n        ${turned.join('; ')}` : ''}`);
  }
}

/** What is made behind the request, or by a script that no package holds. */
const isUnseen = (auto) => auto.by === 'server' || auto.by === 'script';

const started = Date.now();
const collector = await start();
const browser = new Browser(collector.port);
let failed = 0;
try {
  const ids = asked.length > 0 ? asked : SDKS;
  const plans = [];
  for (const id of ids) {
    const sdk = (await import(`./sdks/${id}.mjs`)).default;
    const rule = parse(readFileSync(join(ROOT, 'rules', 'vendors', `${id}.toml`), 'utf8'));
    const jobs = scenarios(rule, sdk).map(({ name, options }) => ({ id, name, sdk, source: sdk.source(merged(sdk.options ?? {}, options)) }));
    plans.push({ id, sdk, rule, jobs });
  }
  await visitAll(plans.flatMap(({ jobs }) => jobs), collector, browser, 1);
  // A busy machine may cut a visit short: what disagrees is visited again, with more time and little beside it.
  const again = new Set(plans.flatMap(({ id, sdk, rule, jobs }) => judge(id, sdk, rule, jobs).wrong.map(({ job }) => job)));
  await visitAll([...again], collector, browser, 2);
  for (const { id, sdk, rule, jobs } of plans) {
    const { wrong, rows } = judge(id, sdk, rule, jobs);
    tell(id, jobs);
    table(id, sdk, rows, jobs);
    const places = new Map();
    for (const { job, what } of wrong) places.set(what, [...(places.get(what) ?? []), job.name]);
    for (const [what, names] of places) console.log(`  WRONG ${what}\n        with ${names.join('; ')}`);
    failed += places.size;
  }
} finally {
  await browser.close();
  collector.stop();
}
console.log(`\n${failed} disagreements, ${Math.round((Date.now() - started) / 1000)} s`);
process.exit(failed > 0 ? 1 : 0);
