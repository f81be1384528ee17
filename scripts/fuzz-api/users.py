"""Users of the service, registered and logged in through its own API.

As a command it makes the two who ask in a run, and prints them as a document of Web Fuzzing Commons.
"""

import json
import sys

import requests

# What the document gives as an example of a password, so that its examples are accepted.
PASSWORD = "correct horse battery staple"
# Seconds: below the deadline of the service, far above what it needs.
TIMEOUT = 30


def register(url, name):
    """Makes an account, and returns what it logs in with. `url` is that of the service."""
    account = {"email": f"{name}@example.org", "password": PASSWORD}
    requests.post(f"{url}/api/v1/auth/register", json=account, timeout=TIMEOUT).raise_for_status()
    return account


def log_in(url, account):
    """Begins a session, and returns the header that its requests carry."""
    answer = requests.post(f"{url}/api/v1/auth/login", json=account, timeout=TIMEOUT)
    answer.raise_for_status()
    return f"Bearer {answer.json()['access_token']}"


def main(url):
    users = []
    for name in ["owner", "stranger"]:
        header = {"name": "Authorization", "value": log_in(url, register(url, name))}
        users.append({"name": name, "fixedHeaders": [header]})
    json.dump({"auth": users}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
