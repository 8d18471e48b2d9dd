// The schemas of an OpenAPI document as functions that check a value.
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

// compiler(document)(pointer): a function of the schema that lies there. Strict: a keyword that neither JSON Schema nor
// OpenAPI knows is a mistake.
export function compiler(document) {
  const ajv = new Ajv2020.default({ strict: true, strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat('base64', true);
  ajv.addVocabulary(['discriminator', 'components', 'paths']);
  const { components, paths } = document;
  ajv.addSchema({ components, paths }, 'document');
  return (pointer) => ajv.compile({ $ref: `document${pointer}` });
}
