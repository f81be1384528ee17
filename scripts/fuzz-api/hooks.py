"""Who asks: users of the service, registered and logged in through its own API."""

import itertools

import requests
import schemathesis

# What the document gives as an example of a password: so its examples are accepted.
PASSWORD = "correct horse battery staple"
# Well below the deadline of the service, far above what it needs.
TIMEOUT = 30

# They end the session or the account that asks, or put another password in the place of the one known here.
FINAL = ["logOut", "endSession", "changePassword", "changeEmail", "deleteMe"]
# They need no user, and none may make them succeed.
OPEN = [
    "register", "logIn", "refresh", "requestVerification", "verifyEmail", "forgotPassword", "resetPassword",
    "getHealth", "getReadiness", "explainError",
]

numbers = itertools.count(1)


class NewUser:
    """Registers a user, and lets the case be theirs."""

    def get(self, case, context):
        api = f"{context.operation.base_url.rstrip('/')}/api/v1/auth"
        account = {"email": f"fuzz-{next(numbers)}@example.org", "password": PASSWORD}
        requests.post(f"{api}/register", json=account, timeout=TIMEOUT).raise_for_status()
        answer = requests.post(f"{api}/login", json=account, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def set(self, case, token, context):
        case.headers["Authorization"] = f"Bearer {token}"


# A token that is refused in the middle of the run is a finding, not a reason to log in anew.
@schemathesis.auth(refresh_interval=None).apply_to(operation_id=FINAL)
class UserOfOneCase(NewUser):
    """These operations get a user for each case."""


@schemathesis.auth(refresh_interval=86_400, retry_on=[]).skip_for(operation_id=FINAL + OPEN)
class UserOfTheRun(NewUser):
    """All others share one, whose contacts become many."""
