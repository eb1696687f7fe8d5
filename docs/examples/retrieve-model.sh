curl --fail-with-body -sS "$PARLEY_URL/v1/models/parley-mini-0" \
  -H "authorization: Bearer $PARLEY_KEY"
