#!/usr/bin/env python3
"""The tutorial for Python: docs/tutorial/python.md explains each step. It needs the standard library
alone, and ends with 0 only if every step gave what the text says."""

# ANCHOR: setup
import base64
import email
import email.policy
import json
import os
import re
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

BASE = os.environ.get("CONTACTS_URL", "http://127.0.0.1:8000")
MAILS = Path(os.environ.get("CONTACTS_MAIL", "./data/mail"))
API = BASE + "/api/v1"
ADDRESS = f"ada-{time.time_ns()}@example.com"
PASSWORD = "correct horse battery staple"


class Client:
    """Speaks JSON with the service, and raises where the status is not the wanted one."""

    token = None

    def call(self, wanted, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if isinstance(body, (dict, list)):
            headers.setdefault("Content-Type", "application/json")
            body = json.dumps(body).encode()
        request = urllib.request.Request(API + path, body, headers, method=method)
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            text = answer.read()
        if answer.status != wanted:
            raise SystemExit(f"{method} {path}: {answer.status} instead of {wanted}\n{text.decode()}")
        return (json.loads(text) if text else None), answer.headers


def check(true, complaint):
    if not true:
        raise SystemExit(complaint)


contacts = Client()
# ANCHOR_END: setup

print("1. Register")
# ANCHOR: register
user, _ = contacts.call(201, "POST", "/auth/register", {"email": ADDRESS, "password": PASSWORD})
check(not user["email_verified"], "the e-mail counts as verified already")
# ANCHOR_END: register

print("2. Verify the e-mail")
# ANCHOR: verify
def mail_to(address):
    """The text of the mail, which a worker writes a moment after the answer."""
    for _ in range(50):
        for file in MAILS.glob("*.eml"):
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if mail["To"] == address:
                return mail.get_body(("plain",)).get_content()
        time.sleep(0.2)
    raise SystemExit(f"no mail to {address} in {MAILS}")


token = re.search(r"verify-email\?token=([\w-]+)", mail_to(ADDRESS))[1]
contacts.call(204, "POST", "/auth/email/verify", {"token": token})
problem, _ = contacts.call(400, "POST", "/auth/email/verify", {"token": token})
check(problem["code"] == "invalid_link", "the link worked twice")
# ANCHOR_END: verify

print("3. Log in")
# ANCHOR: login
pair, _ = contacts.call(200, "POST", "/auth/login", {"email": ADDRESS, "password": PASSWORD})
contacts.token = pair["access_token"]
user, _ = contacts.call(200, "GET", "/users/me")
check(user["email_verified"], "the e-mail is not verified")
# ANCHOR_END: login

print("4. Refresh")
# ANCHOR: refresh
pair, _ = contacts.call(200, "POST", "/auth/refresh", {"refresh_token": pair["refresh_token"]})
contacts.token = pair["access_token"]
# ANCHOR_END: refresh

print("5. Create, once")
# ANCHOR: create
jan = {
    "first_name": "Jan",
    "last_name": "Łukasiewicz",
    "email": "jan@example.com",
    "phone": "+48 22 555 13 10",
    "birthday": "1878-12-21",
}
first, headers = contacts.call(201, "POST", "/contacts", jan, Idempotency_Key="add-jan")
again, _ = contacts.call(201, "POST", "/contacts", jan, Idempotency_Key="add-jan")
check(first["id"] == again["id"], "the same key made another contact")
path = "/contacts/" + first["id"]
check(headers["Location"] == "/api/v1" + path, "Location leads elsewhere")

problem, _ = contacts.call(422, "POST", "/contacts", {"first_name": "", "email": "nobody", "phone": "1"})
faults = {fault["pointer"]: fault["code"] for fault in problem["errors"]}
check(faults.keys() == {"/first_name", "/last_name", "/email", "/phone", "/birthday"}, "not every fault is told")
# ANCHOR_END: create
contacts.call(201, "POST", "/contacts", {
    "first_name": "Maria", "last_name": "Skłodowska-Curie", "email": "maria@example.com",
    "phone": "+33 1 55 55 67 00", "birthday": "1867-11-07",
})
contacts.call(201, "POST", "/contacts", {
    "first_name": "Stefan", "last_name": "Banach", "email": "stefan@example.com",
    "phone": "+48 12 555 33 33", "birthday": "--03-30",
})

print("6. List, page by page")
# ANCHOR: list
def everybody(**query):
    """All contacts of a list, however many pages it has."""
    while True:
        page, _ = contacts.call(200, "GET", "/contacts?" + urlencode(query))
        yield from page["items"]
        if page["next_cursor"] is None:
            return
        query["cursor"] = page["next_cursor"]


names = [contact["last_name"] for contact in everybody(limit=2)]
check(names == ["Banach", "Łukasiewicz", "Skłodowska-Curie"], names)
# ANCHOR_END: list

print("7. Search")
# ANCHOR: search
for words in ("lukasiewicz", "lukasiewcz", "48 22", "555-13"):
    found = [contact["last_name"] for contact in everybody(q=words)]
    check(found == ["Łukasiewicz"], f"{words} finds {found}")
# ANCHOR_END: search

print("8. Replace, and lose no edit")
# ANCHOR: replace
_, headers = contacts.call(200, "GET", path)
etag = headers["ETag"]
contacts.call(200, "PUT", path, jan | {"email": "jan@example.org"}, If_Match=etag)
problem, _ = contacts.call(412, "PUT", path, jan | {"phone": "+48 22 555 00 00"}, If_Match=etag)
check(problem["code"] == "precondition_failed", problem)
# ANCHOR_END: replace

print("9. Patch")
# ANCHOR: patch
contact, _ = contacts.call(
    200, "PATCH", path, {"additional_data": "Writes without parentheses.", "labels": ["logic"]},
    Content_Type="application/merge-patch+json",
)
check(contact["email"] == "jan@example.org" and contact["labels"] == ["logic"], contact)
# ANCHOR_END: patch

print("10. Birthdays")
# ANCHOR: birthdays
near, _ = contacts.call(200, "GET", "/contacts/birthdays?from=2027-12-18&days=7")
(item,) = near["items"]
check((item["next_birthday"], item["days_until"], item["turning"]) == ("2027-12-21", 3, 149), item)
# ANCHOR_END: birthdays

print("11. Batch")
# ANCHOR: batch
changes, _ = contacts.call(200, "GET", "/contacts/changes")
alfred = {
    "first_name": "Alfred",
    "last_name": "Tarski",
    "email": "alfred@example.com",
    "phone": "+1 510 555 0123",
    "birthday": "1901-01-14",
}
update = {"op": "update", "id": first["id"], "patch": {"labels": ["logic", "Lwów"]}}
outcome, _ = contacts.call(
    200, "POST", "/contacts/batch", {"operations": [update, {"op": "create", "contact": alfred}]}
)
check([result["status"] for result in outcome["results"]] == [200, 201], outcome)

delete = {"op": "delete", "id": first["id"]}
nobody = {"op": "create", "contact": {"first_name": "Nobody"}}
problem, _ = contacts.call(422, "POST", "/contacts/batch", {"operations": [delete, nobody]})
check(problem["code"] == "batch_failed", problem)
contacts.call(200, "GET", path)
# ANCHOR_END: batch

print("12. Delete and restore")
# ANCHOR: delete
contacts.call(204, "DELETE", path)
contacts.call(404, "GET", path)
trash, _ = contacts.call(200, "GET", "/contacts/trash")
check([contact["id"] for contact in trash["items"]] == [first["id"]], trash)
contact, _ = contacts.call(200, "POST", path + "/restore")
check(contact["id"] == first["id"], "it came back under another id")
contacts.call(204, "DELETE", path)
# ANCHOR_END: delete

print("13. Follow the changes")
# ANCHOR: changes
since = changes["next_token"]
changes, _ = contacts.call(200, "GET", "/contacts/changes?" + urlencode({"since": since}))
copy = {change["id"]: change.get("contact") for change in changes["changes"]}
check(copy.pop(first["id"]) is None, "nobody told of the deletion")
check([contact["last_name"] for contact in copy.values()] == ["Tarski"], copy)
check(not changes["has_more"], "there is more")
# ANCHOR_END: changes

print("14. Show a picture")
# ANCHOR: avatar
picture = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGOQ9bsBAAHPAURf8l/aAAAAAElFTkSuQmCC"
)
form = (
    b"--end-of-part\r\n"
    b'Content-Disposition: form-data; name="file"; filename="picture.png"\r\n'
    b"Content-Type: image/png\r\n\r\n" + picture + b"\r\n--end-of-part--\r\n"
)
user, _ = contacts.call(
    200, "PUT", "/users/me/avatar", form, Content_Type="multipart/form-data; boundary=end-of-part"
)
with urllib.request.urlopen(user["avatar_url"], timeout=30) as shown:
    check(shown.headers["Content-Type"].startswith("image/"), shown.headers)
# ANCHOR_END: avatar

print("15. Log out")
# ANCHOR: logout
contacts.call(204, "POST", "/auth/logout")
problem, _ = contacts.call(401, "GET", "/contacts")
check(problem["code"] == "invalid_token", problem)
# ANCHOR_END: logout

print("Every step gave what the text says.")
