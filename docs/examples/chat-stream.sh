curl --fail-with-body -sS --no-buffer "$PARLEY_URL/v1/chat/completions" \
  -H "authorization: Bearer $PARLEY_KEY" \
  -H "content-type: application/json" \
  -d '{
    "model": "parley-mini-0",
    "messages": [{"role": "user", "content": "Tell me about your day."}],
    "max_completion_tokens": 32,
    "stream": true,
    "stream_options": {"include_usage": true}
  }'
