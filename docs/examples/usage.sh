curl --fail-with-body -sS "$PARLEY_URL/v1/usage?group_by=model,feature" \
  -H "authorization: Bearer $PARLEY_KEY"
