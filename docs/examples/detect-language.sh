curl --fail-with-body -sS "$PARLEY_URL/v2/detect-language" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY" \
  -H "content-type: application/json" \
  -d '{"text": ["Guten Morgen, wie geht es dir?"]}'
