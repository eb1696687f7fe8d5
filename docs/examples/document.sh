set -eu
folder=$(mktemp -d)
printf 'She is my sister.\n\nWhere is the station?\n' > "$folder/letter.txt"

handle=$(curl --fail-with-body -sS "$PARLEY_URL/v2/document" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY" \
  -F "file=@$folder/letter.txt" -F target_lang=FR)
id=$(echo "$handle" | sed 's/.*"document_id":"\([^"]*\)".*/\1/')
key=$(echo "$handle" | sed 's/.*"document_key":"\([^"]*\)".*/\1/')

until curl --fail-with-body -sS "$PARLEY_URL/v2/document/$id" -H "authorization: DeepL-Auth-Key $PARLEY_KEY" -d "document_key=$key" | tee "$folder/status" | grep -q '"status":"done"'; do
  grep -q '"status":"error"' "$folder/status" && cat "$folder/status" && exit 1
  sleep 1
done

curl --fail-with-body -sS "$PARLEY_URL/v2/document/$id/result" \
  -H "authorization: DeepL-Auth-Key $PARLEY_KEY" \
  -d "document_key=$key"
