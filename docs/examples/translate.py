import json
import os
import urllib.request

URL = os.environ["PARLEY_URL"]
KEY = os.environ["PARLEY_KEY"]

request = urllib.request.Request(
    URL + "/v2/translate",
    data=json.dumps({"text": ["She is my sister.", "Where is the station?"], "target_lang": "FR"}).encode(),
    headers={"authorization": "DeepL-Auth-Key " + KEY, "content-type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
for translation in answer["translations"]:
    print(translation["detected_source_language"] + ":", translation["text"])
