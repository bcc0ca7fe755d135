"""A crowd of clients in a process of its own: all connect, then all ask at the same moment.

Reads a JSON list of requests from its standard input, each `{"url", "token", "body"}` and, if it is to come later, its
seconds `after`; sends them as POST, and writes the answers as a JSON list in the same order, each `{"status", "code",
"alternatives", "seconds"}`; and `said`, all that was said, for a request that has `"whole": true`.
"""

import http.client
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 60


def ask(request: dict[str, Any], together: threading.Barrier) -> dict[str, Any]:
    url = urlsplit(request["url"])
    connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=PATIENCE)
    connection.connect()
    headers = {"content-type": "application/json"}
    if request.get("token"):
        headers["authorization"] = f"Bearer {request['token']}"
    together.wait(PATIENCE)
    time.sleep(request.get("after", 0))
    began = time.perf_counter()
    connection.request("POST", url.path, json.dumps(request["body"]), headers)
    answer = connection.getresponse()
    said = json.loads(answer.read() or b"{}")
    seconds = time.perf_counter() - began
    connection.close()
    return {
        "status": answer.status,
        "code": said.get("code", ""),
        "alternatives": len(said.get("alternatives", [])),
        "seconds": seconds,
        **({"said": said} if request.get("whole") else {}),
    }


def main() -> None:
    requests = json.load(sys.stdin)
    together = threading.Barrier(len(requests))
    with ThreadPoolExecutor(len(requests)) as crowd:
        answers = list(crowd.map(lambda request: ask(request, together), requests))
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
