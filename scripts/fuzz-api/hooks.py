"""Who asks where `owner` of users.py cannot: operations that end a session or an account.

All others are asked by the owner, whose contacts become many.
"""

import itertools
import json
from pathlib import Path

import schemathesis
import users

# They end the account or the session that asks, or change what it logs in with.
FINAL = ["logOut", "changePassword", "changeEmail", "deleteMe"]
# They show the sessions of an account, and end any of them.
SESSIONS = ["listSessions", "endSession"]

numbers = itertools.count(1)
# The header of every session that was begun.
given = set()


class Provider:
    """Gives a case the header that `authorization` returns."""

    def get(self, case, context):
        header = self.authorization(context.operation.base_url.rstrip("/"))
        given.add(header)
        return header

    def set(self, case, header, context):
        case.headers["Authorization"] = header


class UserOfOneCase(Provider):
    """Nobody else is harmed by the end of this user."""

    def authorization(self, url):
        return users.log_in(url, users.register(url, f"user-{next(numbers)}"))


class SessionOfOneCase(Provider):
    """All these cases have one account: what one of them lists, another can end."""

    account = None

    def authorization(self, url):
        self.account = self.account or users.register(url, "guest")
        return users.log_in(url, self.account)


@schemathesis.hook
def after_load_schema(context, schema):
    schema.auth(refresh_interval=None).apply_to(operation_id=FINAL)(UserOfOneCase)
    schema.auth(refresh_interval=None).apply_to(operation_id=SESSIONS)(SessionOfOneCase)
    # The first provider that has something to give is taken; the user of the run, who would always have, is there.
    schema.auth.providers.reverse()
    document = json.loads(Path(schema.config.auth.wfc.path).read_text())
    given.update(header["value"] for user in document["auth"] for header in user["fixedHeaders"])


@schemathesis.check
def session_stays(ctx, response, case):
    """Without this an operation that ends the owner's session would turn all that follows into harmless 401s."""
    begun = response.request.headers.get("Authorization") in given
    if begun and response.status_code == 401 and case.operation.definition.raw.get("security"):
        raise AssertionError("A session was over that nothing should have ended; see FINAL in hooks.py.")
