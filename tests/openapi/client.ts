// A client of the burgers, whose types were made from their document: what is wrong in it must not compile, and what
// compiles must work. Ends with "N passed, N failed".
// client.js URL
import createClient from 'openapi-fetch';
import type { components, paths } from './burgers.js';

declare const process: { argv: string[]; exitCode: number };

const client = createClient<paths>({ baseUrl: process.argv[2] });
let passed = 0;
let failed = 0;

function expect<T>(what: string, wanted: T, got: T) {
  const holds = JSON.stringify(wanted) === JSON.stringify(got);
  console.log(holds ? 'ok    ' : 'FAILED', what);
  if (!holds) console.log(`       wanted ${JSON.stringify(wanted)}\n       got    ${JSON.stringify(got)}`);
  passed += holds ? 1 : 0;
  failed += holds ? 0 : 1;
}

// --- what is called right ---

const burgers = await client.GET('/burgers/{number}', { params: { path: { number: 2 } } });
expect('a path parameter', 'Cheeseburger', burgers.data?.burgers[1]?.name);

const hello = await client.GET('/hello', { params: { query: { delay_ms: 1 } } });
expect('a query parameter', 'hello', hello.data?.result);
expect('what may be absent', 'hello', (await client.GET('/hello')).data?.result);

const order: components['schemas']['NewOrder'] = { burger_id: 7, quantity: 2 };
const created = await client.POST('/orders', { body: order });
expect('a body, and a reply of another status', [201, 7], [created.response.status, created.data?.burger_id]);

const orders = await client.GET('/orders', { params: { query: { skip: 0, limit: 10 } } });
expect('a list', [2], orders.data?.map((o) => o.quantity));

const invalid = await client.GET('/burgers/{number}', { params: { path: { number: 0 } } });
const mistake = invalid.error?.detail?.[0];
expect('a mistake', ['greater_than_equal', ['path', 'number']], [mistake?.type, mistake?.loc]);

// --- what is called wrong, never run ---

export async function wrong() {
  // @ts-expect-error: there is no such path
  await client.GET('/nowhere');
  // @ts-expect-error: nor that method
  await client.DELETE('/orders');
  // @ts-expect-error: a path parameter is required
  await client.GET('/burgers/{number}');
  // @ts-expect-error: and a number
  await client.GET('/burgers/{number}', { params: { path: { number: 'two' } } });
  // @ts-expect-error: there is no such parameter
  await client.GET('/hello', { params: { query: { delay: 1 } } });
  // @ts-expect-error: half an order
  await client.POST('/orders', { body: { burger_id: 7 } });
  // @ts-expect-error: a reply has no such member
  burgers.data?.sandwiches;
}

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
