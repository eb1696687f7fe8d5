set -eu
glossary=$(curl --fail-with-body -sS "$PARLEY_URL/v2/glossaries" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY" \
  -H "content-type: application/json" \
  -d '{"name": "Family", "source_lang": "en", "target_lang": "fr", "entries": "sister\tfrangine", "entries_format": "tsv"}')
id=$(echo "$glossary" | sed 's/.*"glossary_id":"\([^"]*\)".*/\1/')

curl --fail-with-body -sS "$PARLEY_URL/v2/translate" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY" \
  -H "content-type: application/json" \
  -d "{\"text\": [\"She is my sister.\"], \"source_lang\": \"EN\", \"target_lang\": \"FR\", \"glossary_id\": \"$id\"}"

curl --fail-with-body -sS "$PARLEY_URL/v2/glossary-language-pairs" -H "authorization: DeepL-Auth-Key $PARLEY_KEY"
curl --fail-with-body -sS "$PARLEY_URL/v2/glossaries" -H "authorization: DeepL-Auth-Key $PARLEY_KEY"
curl --fail-with-body -sS "$PARLEY_URL/v2/glossaries/$id" -H "authorization: DeepL-Auth-Key $PARLEY_KEY"
curl --fail-with-body -sS "$PARLEY_URL/v2/glossaries/$id/entries" -H "authorization: DeepL-Auth-Key $PARLEY_KEY"
curl --fail-with-body -sS -X DELETE "$PARLEY_URL/v2/glossaries/$id" -H "authorization: DeepL-Auth-Key $PARLEY_KEY"
