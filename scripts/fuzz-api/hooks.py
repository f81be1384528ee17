"""Who asks where the user of the run cannot: operations that end a session or an account.

All others are asked by `owner` of users.py, whose contacts become many.
"""

import itertools

import schemathesis
import users

# They end the account or the session that asks, or change what it logs in with.
FINAL = ["logOut", "changePassword", "changeEmail", "deleteMe"]
# They show the sessions of an account, and end any of them.
SESSIONS = ["listSessions", "endSession"]

numbers = itertools.count(1)


class Provider:
    """Gives a case the header that `authorization` returns."""

    def get(self, case, context):
        return self.authorization(context.operation.base_url.rstrip("/"))

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
