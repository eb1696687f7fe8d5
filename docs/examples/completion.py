import json
import os
import urllib.request
import uuid

URL = os.environ["PARLEY_URL"]
KEY = os.environ["PARLEY_KEY"]

request = urllib.request.Request(
    URL + "/v1/completions",
    data=json.dumps({
        "model": "parley-mini-0",
        "prompt": "<|en|>I went to the station, but",
        "max_tokens": 16,
        "n": 2,
        "seed": 7,
    }).encode(),
    headers={
        "authorization": "Bearer " + KEY,
        "content-type": "application/json",
        # Sent again with the same key, the request is answered again and done once.
        "idempotency-key": str(uuid.uuid4()),
    },
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
for choice in answer["choices"]:
    print(choice["text"])
