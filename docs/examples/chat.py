import json
import os
import urllib.request

URL = os.environ["PARLEY_URL"]
KEY = os.environ["PARLEY_KEY"]

request = urllib.request.Request(
    URL + "/v1/chat/completions",
    data=json.dumps({
        "model": "parley-mini-0",
        "messages": [{"role": "user", "content": "How are you?"}],
        "max_completion_tokens": 32,
    }).encode(),
    headers={"authorization": "Bearer " + KEY, "content-type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
print(answer["choices"][0]["message"]["content"])
print(answer["usage"]["total_tokens"], "tokens, request", response.headers["x-request-id"])
