// Checks an OpenAPI document against the specification's own schema, and each schema in it against JSON Schema's.
// validate.mjs FILE
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { compiler } from './schemas.mjs';

const document = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const problems = [];

const validator = new Validator();
const { valid, errors } = await validator.validate(structuredClone(document));
if (!valid) problems.push(JSON.stringify(errors, null, 1));
if (validator.version !== '3.1') problems.push(`the version is ${validator.version}, not 3.1`);

const compile = compiler(document);
for (const name of Object.keys(document.components?.schemas ?? {})) {
  try {
    compile(`#/components/schemas/${name}`);
  } catch (error) {
    problems.push(`${name}: ${error.message}`);
  }
}

const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
const ids = operations.map((operation) => operation.operationId);
if (new Set(ids).size !== ids.length) problems.push(`operation ids are given twice: ${ids}`);
if (ids.length === 0) problems.push('there are no operations');

for (const problem of problems) console.log(problem);
process.exitCode = problems.length ? 1 : 0;
