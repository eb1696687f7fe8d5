import json
import os
import urllib.request

URL = os.environ["PARLEY_URL"]
HEADERS = {"authorization": "DeepL-Auth-Key " + os.environ["PARLEY_KEY"], "content-type": "application/json"}


def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data=data, headers=HEADERS, method=method)
    with urllib.request.urlopen(request) as response:
        return response.read().decode()


terms = {"name": "Family", "source_lang": "en", "target_lang": "fr", "entries": "sister\tfrangine", "entries_format": "tsv"}
glossary_id = json.loads(call("POST", "/v2/glossaries", terms))["glossary_id"]

texts = {"text": ["She is my sister."], "source_lang": "EN", "target_lang": "FR", "glossary_id": glossary_id}
print(json.loads(call("POST", "/v2/translate", texts))["translations"][0]["text"])

print(call("GET", "/v2/glossary-language-pairs"))
print(call("GET", "/v2/glossaries"))
print(call("GET", "/v2/glossaries/" + glossary_id))
print(call("GET", "/v2/glossaries/" + glossary_id + "/entries"))
call("DELETE", "/v2/glossaries/" + glossary_id)
