// What an operation takes must be what its document says that it takes: sends each value of bodies.json to POST /take,
// and holds the answer against the schema. Ends with "N passed, N failed".
// agree.mjs URL
import { readFileSync } from 'node:fs';
import { compiler } from './schemas.mjs';

const url = process.argv[2];
const { base, right, wrong } = JSON.parse(readFileSync(new URL('bodies.json', import.meta.url), 'utf8'));
const document = await (await fetch(`${url}/openapi.json`)).json();
const compile = compiler(document);
const { requestBody, responses } = document.paths['/take'].post;
const asked = compile(requestBody.content['application/json'].schema.$ref);
const replied = compile(responses['200'].content['application/json'].schema.$ref);
const refused = compile(responses['422'].content['application/json'].schema.$ref);
let passed = 0;
let failed = 0;

function expect(holds, what, details) {
  console.log(holds ? 'ok    ' : 'FAILED', what);
  if (!holds) console.log(JSON.stringify(details, null, 1));
  passed += holds ? 1 : 0;
  failed += holds ? 0 : 1;
}

async function send(body, taken) {
  const response = await fetch(`${url}/take`, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const reply = await response.json();
  const check = taken ? replied : refused;
  return { status: response.status, reply, fits: check(reply), errors: check.errors };
}

for (const [changes, taken] of [...right.map((c) => [c, true]), ...wrong.map((c) => [c, false])]) {
  const body = Object.fromEntries(Object.entries({ ...base, ...changes }).filter(([, value]) => value !== '(absent)'));
  const shown = JSON.stringify(changes);
  const { status, reply, fits, errors } = await send(body, taken);
  expect(asked(body) === taken, `the schema ${taken ? 'takes' : 'refuses'} ${shown}`, asked.errors);
  expect(status === (taken ? 200 : 422), `the operation ${taken ? 'takes' : 'refuses'} ${shown}`, reply);
  expect(fits, `its answer is the one documented: ${shown}`, errors);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
