curl --fail-with-body -sS "$PARLEY_URL/v1/chat/completions" \
  -H "authorization: Bearer $PARLEY_KEY" \
  -H "content-type: application/json" \
  -d '{
    "model": "parley-mini-0",
    "messages": [{"role": "user", "content": "How are you?"}],
    "max_completion_tokens": 32
  }'
