import json
import os
import urllib.request

URL = os.environ["PARLEY_URL"]
KEY = os.environ["PARLEY_KEY"]

request = urllib.request.Request(
    URL + "/v1/chat/completions",
    data=json.dumps({
        "model": "parley-mini-0",
        "messages": [{"role": "user", "content": "Tell me about your day."}],
        "max_completion_tokens": 32,
        "stream": True,
        "stream_options": {"include_usage": True},
    }).encode(),
    headers={"authorization": "Bearer " + KEY, "content-type": "application/json"},
)
with urllib.request.urlopen(request) as response:
    for line in response:
        if not line.startswith(b"data: ") or line == b"data: [DONE]\n":
            continue
        event = json.loads(line[len(b"data: "):])
        for choice in event["choices"]:
            print(choice["delta"].get("content", ""), end="", flush=True)
        if event.get("usage"):
            print("\n", event["usage"]["total_tokens"], "tokens")
