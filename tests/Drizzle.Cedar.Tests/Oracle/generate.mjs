import { Rng } from './rng.mjs';
import { printStatistics } from './statistics.mjs';
import { writeDocument, writeVectors } from './vectors.mjs';
import { authorizationVectors } from './suites/authorization.mjs';
import { extensionVectors } from './suites/extensions.mjs';
import { fixture, operatorVectors } from './suites/operators.mjs';
import { parsingVectors } from './suites/parsing.mjs';
import { validationVectors } from './suites/validation.mjs';
import { schemaVectors } from './suites/schemas.mjs';
import { entityVectors } from './suites/entities.mjs';
import { policyDocumentVectors } from './suites/policyDocuments.mjs';
import { policySetVectors } from './suites/policySets.mjs';
import { requestVectors } from './suites/requests.mjs';

const suites = {
    extensions: () => writeVectors('extensions', extensionVectors(new Rng('extensions'))),
    operators: () => {
        writeDocument('operators', fixture);
        writeVectors('operators', operatorVectors());
    },
    parsing: () => writeVectors('parsing', parsingVectors(new Rng('parsing'))),
    authorization: () => writeVectors('authorization', authorizationVectors(new Rng('authorization'), 1260), { numbered: true }),
    'parsing-json': () => writeVectors('parsing-json', policyDocumentVectors(new Rng('parsing-json'))),
    'policy-sets': () => writeVectors('policy-sets', policySetVectors()),
    entities: () => writeVectors('entities', entityVectors(new Rng('entities'))),
    requests: () => writeVectors('requests', requestVectors(new Rng('requests'))),
    schemas: () => writeVectors('schemas', schemaVectors(new Rng('schemas'))),
    validation: () => writeVectors('validation', validationVectors(new Rng('validation'), 2020), { numbered: true }),
};

const chosen = process.argv.slice(2);
for (const [name, generate] of Object.entries(suites))
    if (chosen.length === 0 || chosen.includes(name))
        generate();
printStatistics();
