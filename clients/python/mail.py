"""Without SMTP_URL mails are files, which a program can read as a user reads their mail."""

import email
import email.policy
import re
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path


def mailed_token(folder: Path, recipient: str) -> str:
    """The token of the link in a mail to this address. A mail is sent by a worker, soon after the answer."""
    for _ in range(100):
        for mail in _mails(folder):
            body = mail.get_body(("plain",))
            token = re.search(r"[?&]token=([\w-]+)", body.get_content()) if body else None
            if mail["To"] == recipient and token:
                return token[1]
        time.sleep(0.1)
    raise AssertionError(f"no mail to {recipient} in {folder}")


def _mails(folder: Path) -> Iterator[EmailMessage]:
    for path in folder.glob("*.eml"):
        yield email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
