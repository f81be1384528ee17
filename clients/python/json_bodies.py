"""Prints an OpenAPI document with JSON as the only body of a request that may also be sent otherwise.

Where an operation takes several media types, openapi-python-client makes its body optional, and forgets to import what
that takes (0.29.1, `Unset`): the module cannot be imported.
"""

import json
import sys


def main(path: str) -> None:
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    for operations in document["paths"].values():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                operation["requestBody"]["content"] = {"application/json": content["application/json"]}
    json.dump(document, sys.stdout)


main(sys.argv[1])
