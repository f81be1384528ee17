"""From a new account to the end of its session. Each step says what it did; the first surprise ends the program."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from answers import answer, done, refused
from contacts_client import AuthenticatedClient, Client
from contacts_client.api.accounts import get_me, log_in, log_out, refresh, register, verify_email
from contacts_client.api.contacts import (
    create_contact,
    delete_contact,
    get_contact,
    list_birthdays,
    list_contacts,
    patch_contact,
)
from contacts_client.models import (
    BirthdayPage,
    Contact,
    ContactChange,
    ContactInput,
    ContactPage,
    LinkInput,
    LoginInput,
    ProblemCode,
    RefreshInput,
    RegistrationInput,
    Tokens,
    User,
)
from mail import mailed_token

URL = os.environ["CONTACTS_URL"]
MAIL_FOLDER = Path(os.environ["CONTACTS_MAIL_FOLDER"])
EMAIL = "ada.python@example.com"
PASSWORD = "correct horse battery staple"


def said(step: str) -> None:
    print(f"  {step}", flush=True)


def main() -> None:
    anybody = Client(base_url=URL)
    get_an_account(anybody)
    tokens = answer(log_in.sync_detailed(client=anybody, body=LoginInput(EMAIL, PASSWORD)), 200, Tokens)
    said(f"logged in for {tokens.expires_in} seconds")
    keep_contacts(AuthenticatedClient(base_url=URL, token=tokens.access_token))
    end_the_session(anybody, tokens)


def get_an_account(anybody: Client) -> None:
    body = RegistrationInput(EMAIL, PASSWORD)
    user = answer(register.sync_detailed(client=anybody, body=body), 201, User)
    assert user.email == EMAIL
    said(f"registered {user.email}")

    refused(register.sync_detailed(client=anybody, body=body), ProblemCode.EMAIL_TAKEN)
    refused(
        log_in.sync_detailed(client=anybody, body=LoginInput(EMAIL, PASSWORD)), ProblemCode.EMAIL_NOT_VERIFIED
    )
    said("refused to register it twice, and to log in before it is verified")

    link = LinkInput(mailed_token(MAIL_FOLDER, EMAIL))
    done(verify_email.sync_detailed(client=anybody, body=link))
    refused(verify_email.sync_detailed(client=anybody, body=link), ProblemCode.INVALID_LINK)
    said("verified the e-mail, which a link does once")


def keep_contacts(client: AuthenticatedClient) -> None:
    person = ContactInput(
        first_name="Jan",
        last_name="Łukasiewicz",
        email="jan@example.com",
        phone="+48 22 555 13 10",
        birthday=f"{datetime.now(UTC) + timedelta(days=3):--%m-%d}",
    )
    creation = create_contact.sync_detailed(client=client, body=person, idempotency_key="tutorial-1")
    created = answer(creation, 201, Contact)
    etag = creation.headers["ETag"]
    assert created.phone_e164 == "+48225551310"
    said(f"created {created.first_name} {created.last_name}")

    page = answer(list_contacts.sync_detailed(client=client, sort="-created_at", limit=10), 200, ContactPage)
    assert [item.id for item in page.items] == [created.id] and page.next_cursor is None
    said(f"listed {len(page.items)} contact")

    found = answer(list_contacts.sync_detailed(client=client, q="lukasiewicz"), 200, ContactPage)
    assert found.items[0].matched_fields == ["last_name"]
    said("found it without its accent")

    change = ContactChange(additional_data="Met at a conference.", labels=["Logic"])
    update = patch_contact.sync_detailed(created.id, client=client, body=change, if_match=etag)
    assert answer(update, 200, Contact).labels == ["Logic"]
    late = patch_contact.sync_detailed(
        created.id, client=client, body=ContactChange(additional_data=None), if_match=etag
    )
    refused(late, ProblemCode.PRECONDITION_FAILED)
    said("updated it, and refused an update of what it was before")

    birthdays = answer(list_birthdays.sync_detailed(client=client, days=7, tz="UTC"), 200, BirthdayPage)
    assert [(item.contact.id, item.turning) for item in birthdays.items] == [(created.id, None)]
    said("found the birthday in the next 7 days")

    done(delete_contact.sync_detailed(created.id, client=client))
    refused(get_contact.sync_detailed(created.id, client=client), ProblemCode.NOT_FOUND)
    said("deleted it")


def end_the_session(anybody: Client, tokens: Tokens) -> None:
    body = RefreshInput(tokens.refresh_token)
    renewed = answer(refresh.sync_detailed(client=anybody, body=body), 200, Tokens)
    assert renewed.refresh_token != tokens.refresh_token
    said("refreshed the session")

    client = AuthenticatedClient(base_url=URL, token=renewed.access_token)
    assert answer(get_me.sync_detailed(client=client), 200, User).email_verified
    done(log_out.sync_detailed(client=client))
    refused(get_me.sync_detailed(client=client), ProblemCode.INVALID_TOKEN)
    again = refresh.sync_detailed(client=anybody, body=RefreshInput(renewed.refresh_token))
    refused(again, ProblemCode.INVALID_TOKEN)
    said("logged out: neither token works any more")


main()
