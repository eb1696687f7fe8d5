import json
import os
import urllib.request

URL = os.environ["PARLEY_URL"]
KEY = os.environ["PARLEY_KEY"]

request = urllib.request.Request(
    URL + "/v1/usage?group_by=model,feature",
    headers={"authorization": "Bearer " + KEY},
)
with urllib.request.urlopen(request) as response:
    answer = json.load(response)
print(json.dumps(answer, indent=2))
