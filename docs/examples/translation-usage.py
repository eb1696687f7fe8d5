import json
import os
import urllib.request

URL = os.environ["PARLEY_URL"]
KEY = os.environ["PARLEY_KEY"]

request = urllib.request.Request(
    URL + "/v2/usage",
    headers={"authorization": "DeepL-Auth-Key " + KEY},
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
print(answer["character_count"], "of", answer["character_limit"], "characters")
