curl --fail-with-body -sS "$PARLEY_URL/v2/usage" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY"
