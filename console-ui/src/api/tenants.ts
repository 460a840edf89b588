import { api, data } from './client'

export const readTenants = () => data(api.GET('/v1/tenants', { params: { query: {} } }))
