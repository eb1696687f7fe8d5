import packageJson from '@/package.json'
import { openApiDocument } from '@/lib/http/openapi/document'

/** The public API as OpenAPI 3.1 describes it; for anybody, from any page. */
export function GET(): Response {
  return Response.json(openApiDocument(packageJson.version), {
    headers: { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' },
  })
}
