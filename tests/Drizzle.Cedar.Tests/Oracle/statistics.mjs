import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseExact } from './exactJson.mjs';

const folder = fileURLToPath(new URL('../Vectors/', import.meta.url));
const operatorForms = {
    '==': / == /, '!=': / != /, '<': / < /, '<=': / <= /, '>': / > /, '>=': / >= /, '&&': / && /, '||': / \|\| /, '!': /[ (]!+[^=]/, '-x': /[ ([]-+[^0-9 ]/, '+': / \+ /, '-': / - /, '*': / \* /,
    in: / in /, is: / is /, has: / has /, 'has a.b': / has \w+\.\w/, like: / like /, if: /\bif .* then /, '[""]': /\w\["/, '{}': /[( ]\{"?\w/, '[]': / \[/,
    ...Object.fromEntries(['contains', 'containsAll', 'containsAny', 'isEmpty', 'hasTag', 'getTag', 'lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual', 'isIpv4', 'isIpv6', 'isLoopback', 'isMulticast', 'isInRange',
        'offset', 'durationSince', 'toDate', 'toTime', 'toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'].map(name => [name, new RegExp(`\\.${name}\\(`)])),
    ...Object.fromEntries(['decimal', 'ip', 'datetime', 'duration'].map(name => [name, new RegExp(`\\b${name}\\(`)])),
};

/** Prints what the written vectors hold: how many, how they are decided, and every operator's share. */
export function printStatistics() {
    const describe = { authorization, validation, extensions: values, operators: values, parsing: accepted, 'parsing-json': accepted, schemas: accepted, entities: accepted, requests: accepted, 'policy-sets': accepted };
    for (const [name, show] of Object.entries(describe)) {
        const cases = read(name);
        if (cases.length > 0)
            console.log(`${name}: ${cases.length} cases, ${show(cases)}`);
    }
}

function read(name) {
    const own = new RegExp(`^${name}(-\\d+)?\\.jsonl$`);
    return readdirSync(folder).filter(file => own.test(file)).sort()
        .flatMap(file => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').map(line => parseExact(line)));
}

function authorization(cases) {
    const requests = cases.flatMap(c => c.requests);
    const uses = new Map(Object.keys(operatorForms).map(name => [name, { evaluated: 0, erring: 0 }]));
    for (const { policies, requests: own } of cases)
        for (const [id, text] of policyTexts(policies))
            for (const name of Object.keys(operatorForms).filter(name => operatorForms[name].test(text)))
                for (const request of own)
                    uses.get(name)[request.erring.includes(id) ? 'erring' : 'evaluated']++;
    return [
        `${requests.length} requests, allow ${share(requests, r => r.decision === 'allow')}, with a reason ${share(requests, r => r.reasons.length > 0)}, erring ${share(requests, r => r.erring.length > 0)}`,
        `sets with JSON policies ${share(cases, c => typeof c.policies.static !== 'string')}, with templates ${share(cases, c => c.policies.templates)}`,
        'operator not erring/erring: ' + [...uses].map(([name, u]) => `${name} ${u.evaluated}/${u.erring}`).join(', '),
    ].join('\n  ');
}

// The texts by id; policies in JSON are left out.
function policyTexts({ static: policies }) {
    return typeof policies === 'string'
        ? policies.split('\n').map((text, i) => [`policy${i}`, text])
        : Object.entries(policies).filter(([, policy]) => typeof policy === 'string');
}

function validation(cases) {
    const verdicts = cases.reduce((sum, { policies, invalid }) => {
        const ids = [...policyTexts(policies).map(([id]) => id), ...Object.keys(policies.templates ?? {}), ...(policies.links ?? []).map(link => link.id)];
        return { policies: sum.policies + ids.length, invalid: sum.invalid + invalid.length };
    }, { policies: 0, invalid: 0 });
    return [
        `valid ${share(cases, c => c.valid)}, ${verdicts.policies} policies (text ones, templates and links) of which ${verdicts.invalid} invalid`,
        `impossible ${share(cases, c => c.impossible.length > 0)}, JSON schema ${share(cases, c => typeof c.schema !== 'string')}, with templates ${share(cases, c => c.policies.templates)}`,
    ].join('\n  ');
}

function values(cases) {
    return [true, false, 'error'].map(value => `${value} ${share(cases, c => c.value === value)}`).join(', ');
}

function accepted(cases) {
    return `accepted ${share(cases, c => c.ok)}`;
}

function share(items, predicate) {
    return `${(100 * items.filter(predicate).length / items.length).toFixed(1)} %`;
}
