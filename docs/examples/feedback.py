import json
import os
import urllib.request

URL = os.environ["PARLEY_URL"]
KEY = os.environ["PARLEY_KEY"]
HEADERS = {"authorization": "DeepL-Auth-Key " + KEY, "content-type": "application/json"}

correction = {"source": "She is my sister.", "source_lang": "EN", "target_lang": "FR", "correction": "C’est ma sœur.", "rating": 3}
request = urllib.request.Request(URL + "/v2/feedback", data=json.dumps(correction).encode(), headers=HEADERS)
with urllib.request.urlopen(request) as response:
    print(json.load(response)["feedback_id"])

with urllib.request.urlopen(urllib.request.Request(URL + "/v2/feedback?limit=10", headers=HEADERS)) as response:
    print(json.dumps(json.load(response), indent=2))
