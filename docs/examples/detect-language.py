import json
import os
import urllib.request

URL = os.environ["PARLEY_URL"]
KEY = os.environ["PARLEY_KEY"]

request = urllib.request.Request(
    URL + "/v2/detect-language",
    data=json.dumps({"text": ["Guten Morgen, wie geht es dir?"]}).encode(),
    headers={"authorization": "DeepL-Auth-Key " + KEY, "content-type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
print(json.dumps(answer, indent=2))
