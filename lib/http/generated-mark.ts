/** Says to programs that a language model wrote the answer, and which one; pages say it in words. */
export function markGenerated(response: Response, model: string): Response {
  response.headers.set('x-parley-generated', 'true')
  // A header holds no more than ASCII; a folder's name may.
  response.headers.set('x-parley-model', encodeURI(model))
  return response
}
