curl --fail-with-body -sS "$PARLEY_URL/v2/translate" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY" \
  -H "content-type: application/json" \
  -d '{"text": ["She is my sister.", "Where is the station?"], "target_lang": "FR"}'
