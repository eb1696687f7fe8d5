curl --fail-with-body -sS "$PARLEY_URL/v2/languages?type=target" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY"
