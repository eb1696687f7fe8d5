curl --fail-with-body -sS "$PARLEY_URL/v1/models" \
  -H "authorization: Bearer $PARLEY_KEY"
