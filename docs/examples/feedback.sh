curl --fail-with-body -sS "$PARLEY_URL/v2/feedback" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY" \
  -H "content-type: application/json" \
  -d '{"source": "She is my sister.", "source_lang": "EN", "target_lang": "FR", "correction": "C’est ma sœur.", "rating": 3}'

curl --fail-with-body -sS "$PARLEY_URL/v2/feedback?limit=10" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY"
