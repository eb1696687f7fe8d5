import json
import os
import urllib.request

URL = os.environ["PARLEY_URL"]
KEY = os.environ["PARLEY_KEY"]

request = urllib.request.Request(
    URL + "/v2/languages?type=target",
    headers={"authorization": "DeepL-Auth-Key " + KEY},
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
for language in answer:
    print(language["language"], language["name"])
