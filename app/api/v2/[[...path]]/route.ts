import { notFoundRoutes } from '@/lib/http/route-handling'

export const { GET, POST, PUT, PATCH, DELETE } = notFoundRoutes('deepl')
