import { Rng } from './rng.mjs';
import { printStatistics } from './statistics.mjs';
import { writeDocument, writeVectors } from './vectors.mjs';
import { authorizationVectors } from './suites/authorization.mjs';
import { extensionVectors } from './suites/extensions.mjs';
import { fixture, operatorVectors } from './suites/operators.mjs';
import { parsingVectors } from './suites/parsing.mjs';
import { validationVectors } from './suites/validation.mjs';
import { schemaVectors } from './suites/schemas.mjs';

const suites = {
    extensions: () => writeVectors('extensions', extensionVectors(new Rng('extensions'))),
    operators: () => {
        writeDocument('operators', fixture);
        writeVectors('operators', operatorVectors());
    },
    parsing: () => writeVectors('parsing', parsingVectors(new Rng('parsing'))),
    authorization: () => writeVectors('authorization', authorizationVectors(new Rng('authorization'), 1280), { numbered: true }),
    schemas: () => writeVectors('schemas', schemaVectors(new Rng('schemas'))),
    validation: () => writeVectors('validation', validationVectors(new Rng('validation'), 2100), { numbered: true }),
};

const chosen = process.argv.slice(2);
for (const [name, generate] of Object.entries(suites))
    if (chosen.length === 0 || chosen.includes(name))
        generate();
printStatistics();
