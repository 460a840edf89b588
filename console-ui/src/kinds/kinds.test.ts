import { describe, expect, test } from 'vitest'
import { headersOf } from '../explain/RequestForm'
import { isAt } from './errors'
import { at, edit, isOff, kinds, put } from './kinds'

describe('put', () => {
  test('sets within, and leaves the given item as it was', () => {
    const item = { name: 'a', match: { paths: ['/a'] } }
    expect(put(item, 'match.methods', ['GET'])).toEqual({ name: 'a', match: { paths: ['/a'], methods: ['GET'] } })
    expect(item).toEqual({ name: 'a', match: { paths: ['/a'] } })
  })

  test('leaves out what is empty, so that a default is a default again', () => {
    expect(put({ name: 'a', plan: 'gold' }, 'plan', '')).toEqual({ name: 'a' })
    expect(put({ roles: ['x'] }, 'roles', [])).toEqual({})
    expect(put({ priority: 1 }, 'priority', undefined)).toEqual({})
    expect(put({ priority: 1 }, 'priority', 0)).toEqual({ priority: 0 })
  })

  test('what it has set is found again', () => {
    for (const kind of Object.values(kinds)) for (const field of kind.fields) expect(at(put(kind.start, field.path, 'x'), field.path)).toBe('x')
  })
})

describe('edit', () => {
  const fields = [...kinds.services.fields, ...kinds.routes.fields]

  test('leaves nothing empty behind', () => {
    expect(edit({ cors: { origins: ['*'] } }, 'cors.origins', [], fields)).toEqual({})
    expect(edit({ timeouts: { idle: '1s', connect: '2s' } }, 'timeouts.idle', '', fields)).toEqual({ timeouts: { connect: '2s' } })
  })

  test('leaves on what is switched on, and what is around a field that is wanted', () => {
    expect(edit({ circuitBreaker: { failures: 3 } }, 'circuitBreaker.failures', undefined, fields)).toEqual({ circuitBreaker: {} })
    expect(edit({ match: { paths: ['/a'] } }, 'match.paths', [], fields)).toEqual({ match: {} })
  })

  test('what belongs to a switch that is off cannot be changed', () => {
    expect(isOff({}, 'health.active.path', fields)).toBe(true)
    expect(isOff({ health: { active: {} } }, 'health.active.path', fields)).toBe(false)
    expect(isOff({}, 'timeouts.idle', fields)).toBe(false)
  })
})

describe('an error', () => {
  test.each([
    ['match.paths[0]', 'match.paths', true],
    ['routes[3].match.paths[0]', 'match.paths', true],
    ['tenants[0].routes[3].name', 'name', true],
    ['policies[1].cedar', 'cedar', true],
    ['names', 'name', false],
    ['match.path', 'match.paths', false],
  ])('at %s is about %s: %s', (path, field, expected) => {
    expect(isAt({ path, line: null, message: '' }, field)).toBe(expected)
  })
})

test('headers are lines with a colon', () => {
  expect(headersOf('X-API-Key: drz_a:b\n\n  Accept:text/html \nodd')).toEqual([
    { name: 'X-API-Key', value: 'drz_a:b' },
    { name: 'Accept', value: 'text/html' },
    { name: 'odd', value: '' },
  ])
})
