#!/bin/sh
# The tutorial for curl: docs/tutorial/curl.md explains each step. It ends with 0 only if every step
# gave what the text says.
# ANCHOR: setup
set -eu
base=${CONTACTS_URL:-http://127.0.0.1:8000}
mails=${CONTACTS_MAIL:-./data/mail}
api=$base/api/v1
json='Content-Type: application/json'
email=ada-$(date +%s)-$$@example.com
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { echo "FAILED: $*" >&2; cat "$work/body" >&2; exit 1; }

# call STATUS METHOD PATH [OPTION OF CURL ...]: the answer must have this status.
call() {
    wanted=$1 method=$2 path=$3
    shift 3
    status=$(curl -sS -o "$work/body" -D "$work/headers" -w '%{http_code}' -X "$method" "$api$path" "$@")
    [ "$status" = "$wanted" ] || fail "$method $path: $status instead of $wanted"
}

# The first text of this name in the last answer, its header, and whether the answer holds a text.
field() { grep -o "\"$1\":\"[^\"]*\"" "$work/body" | head -n 1 | cut -d '"' -f 4; }
header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: //p"; }
holds() { grep -qF "$1" "$work/body" || fail "this is not in the answer: $1"; }
# ANCHOR_END: setup

echo '1. Register'
# ANCHOR: register
call 201 POST /auth/register -H "$json" -d "{\"email\":\"$email\",\"password\":\"correct horse battery staple\"}"
holds '"email_verified":false'
# ANCHOR_END: register

echo '2. Verify the e-mail'
# ANCHOR: verify
# A worker writes the mail a moment after the answer.
tries=0
until mail=$(grep -lF "To: $email" "$mails"/*.eml 2>"$work/body"); do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || fail "no mail to $email in $mails"
    sleep 0.2
done
# Its text is quoted-printable: a = at the end of a line joins it with the next one, =3D is a =.
token=$(tr -d '\r' <"$mail" | sed -e ':a' -e '/=$/{N;s/=\n//;ba' -e '}' -e 's/=3D/=/g' |
    sed -n 's/.*verify-email?token=\([A-Za-z0-9_-]*\).*/\1/p' | head -n 1)
call 204 POST /auth/email/verify -H "$json" -d "{\"token\":\"$token\"}"
call 400 POST /auth/email/verify -H "$json" -d "{\"token\":\"$token\"}"
holds '"code":"invalid_link"'
# ANCHOR_END: verify

echo '3. Log in'
# ANCHOR: login
call 200 POST /auth/login -H "$json" -d "{\"email\":\"$email\",\"password\":\"correct horse battery staple\"}"
auth="Authorization: Bearer $(field access_token)"
refresh=$(field refresh_token)
call 200 GET /users/me -H "$auth"
holds '"email_verified":true'
# ANCHOR_END: login

echo '4. Refresh'
# ANCHOR: refresh
call 200 POST /auth/refresh -H "$json" -d "{\"refresh_token\":\"$refresh\"}"
auth="Authorization: Bearer $(field access_token)"
# ANCHOR_END: refresh

echo '5. Create, once'
# ANCHOR: create
jan='{"first_name":"Jan","last_name":"Łukasiewicz","email":"jan@example.com","phone":"+48 22 555 13 10","birthday":"1878-12-21"}'
call 201 POST /contacts -H "$auth" -H "$json" -H 'Idempotency-Key: add-jan' -d "$jan"
id=$(field id)
call 201 POST /contacts -H "$auth" -H "$json" -H 'Idempotency-Key: add-jan' -d "$jan"
[ "$(field id)" = "$id" ] || fail 'the same key made another contact'
call 422 POST /contacts -H "$auth" -H "$json" -d '{"first_name":"","email":"nobody","phone":"1"}'
holds '"code":"validation_failed"'
# ANCHOR_END: create
call 201 POST /contacts -H "$auth" -H "$json" -d '{"first_name":"Maria","last_name":"Skłodowska-Curie","email":"maria@example.com","phone":"+33 1 55 55 67 00","birthday":"1867-11-07"}'
call 201 POST /contacts -H "$auth" -H "$json" -d '{"first_name":"Stefan","last_name":"Banach","email":"stefan@example.com","phone":"+48 12 555 33 33","birthday":"--03-30"}'

echo '6. List, page by page'
# ANCHOR: list
seen=0 query='limit=2'
while :; do
    call 200 GET "/contacts?$query" -H "$auth"
    seen=$((seen + $(grep -o '"id":' "$work/body" | wc -l)))
    cursor=$(field next_cursor)
    [ -n "$cursor" ] || break
    query="limit=2&cursor=$cursor"
done
[ $seen = 3 ] || fail "$seen contacts instead of 3"
# ANCHOR_END: list

echo '7. Search'
# ANCHOR: search
for words in lukasiewicz lukasiewcz '48 22' 555-13; do
    call 200 GET /contacts -G --data-urlencode "q=$words" -H "$auth"
    holds '"last_name":"Łukasiewicz"'
done
# ANCHOR_END: search

echo '8. Replace, and lose no edit'
# ANCHOR: replace
call 200 GET "/contacts/$id" -H "$auth"
etag=$(header etag)
call 200 PUT "/contacts/$id" -H "$auth" -H "$json" -H "If-Match: $etag" \
    -d '{"first_name":"Jan","last_name":"Łukasiewicz","email":"jan@example.org","phone":"+48 22 555 13 10","birthday":"1878-12-21"}'
call 412 PUT "/contacts/$id" -H "$auth" -H "$json" -H "If-Match: $etag" -d "$jan"
holds '"code":"precondition_failed"'
# ANCHOR_END: replace

echo '9. Patch'
# ANCHOR: patch
call 200 PATCH "/contacts/$id" -H "$auth" -H 'Content-Type: application/merge-patch+json' \
    -d '{"additional_data":"Writes without parentheses.","labels":["logic"]}'
holds '"email":"jan@example.org"'
holds '"labels":["logic"]'
# ANCHOR_END: patch

echo '10. Birthdays'
# ANCHOR: birthdays
call 200 GET '/contacts/birthdays?from=2027-12-18&days=7' -H "$auth"
holds '"next_birthday":"2027-12-21","days_until":3,"turning":149'
# ANCHOR_END: birthdays

echo '11. Batch'
# ANCHOR: batch
call 200 GET '/contacts/changes' -H "$auth"
sync=$(field next_token)
call 200 POST /contacts/batch -H "$auth" -H "$json" -d "{\"operations\":[
    {\"op\":\"update\",\"id\":\"$id\",\"patch\":{\"labels\":[\"logic\",\"Lwów\"]}},
    {\"op\":\"create\",\"contact\":{\"first_name\":\"Alfred\",\"last_name\":\"Tarski\",\"email\":\"alfred@example.com\",\"phone\":\"+1 510 555 0123\",\"birthday\":\"1901-01-14\"}}]}"
holds '"index":1,"status":201'
call 422 POST /contacts/batch -H "$auth" -H "$json" -d "{\"operations\":[
    {\"op\":\"delete\",\"id\":\"$id\"},
    {\"op\":\"create\",\"contact\":{\"first_name\":\"Nobody\"}}]}"
holds '"code":"batch_failed"'
call 200 GET "/contacts/$id" -H "$auth"
# ANCHOR_END: batch

echo '12. Delete and restore'
# ANCHOR: delete
call 204 DELETE "/contacts/$id" -H "$auth"
call 404 GET "/contacts/$id" -H "$auth"
call 200 GET /contacts/trash -H "$auth"
holds "$id"
call 200 POST "/contacts/$id/restore" -H "$auth"
[ "$(field id)" = "$id" ] || fail 'it came back under another id'
call 204 DELETE "/contacts/$id" -H "$auth"
# ANCHOR_END: delete

echo '13. Follow the changes'
# ANCHOR: changes
call 200 GET "/contacts/changes?since=$sync" -H "$auth"
holds "{\"id\":\"$id\",\"deleted\":true"
holds '"last_name":"Tarski"'
holds '"has_more":false'
# ANCHOR_END: changes

echo '14. Show a picture'
# ANCHOR: avatar
printf '%s' iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGOQ9bsBAAHPAURf8l/aAAAAAElFTkSuQmCC |
    base64 -d >"$work/picture.png"
call 200 PUT /users/me/avatar -H "$auth" -F "file=@$work/picture.png"
curl -sSf -o "$work/body" "$(field avatar_url)"
# ANCHOR_END: avatar

echo '15. Log out'
# ANCHOR: logout
call 204 POST /auth/logout -H "$auth"
call 401 GET /contacts -H "$auth"
holds '"code":"invalid_token"'
# ANCHOR_END: logout

echo 'Every step gave what the text says.'
