import json
import os
import time
import urllib.parse
import urllib.request
import uuid

URL = os.environ["PARLEY_URL"]
AUTH = {"authorization": "DeepL-Auth-Key " + os.environ["PARLEY_KEY"]}


def post(path, body, content_type="application/x-www-form-urlencoded"):
    request = urllib.request.Request(URL + path, data=body, headers={**AUTH, "content-type": content_type})
    with urllib.request.urlopen(request) as response:
        return response.read()


boundary = uuid.uuid4().hex
form = (
    f'--{boundary}\r\ncontent-disposition: form-data; name="target_lang"\r\n\r\nFR\r\n'
    f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="letter.txt"\r\n\r\n'
    f"She is my sister.\n\nWhere is the station?\n\r\n--{boundary}--\r\n"
)
handle = json.loads(post("/v2/document", form.encode(), "multipart/form-data; boundary=" + boundary))
path = "/v2/document/" + handle["document_id"]
key = urllib.parse.urlencode({"document_key": handle["document_key"]}).encode()

while (status := json.loads(post(path, key)))["status"] != "done":
    if status["status"] == "error":
        raise SystemExit(status["error_message"])
    time.sleep(1)
print(post(path + "/result", key).decode())
