import { notFoundRoutes } from '@/lib/http/route-handling'

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = notFoundRoutes('openai')
