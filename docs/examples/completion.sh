curl --fail-with-body -sS "$PARLEY_URL/v1/completions" \
  -H "authorization: Bearer $PARLEY_KEY" \
  -H "content-type: application/json" \
  -H "idempotency-key: $(date +%s%N)" \
  -d '{
    "model": "parley-mini-0",
    "prompt": "<|en|>I went to the station, but",
    "max_tokens": 16,
    "n": 2,
    "seed": 7
  }'
