// The tutorial for TypeScript: docs/tutorial/typescript.md explains each step. Node runs it as it is;
// it ends with 0 only if every step gave what the text says.

// ANCHOR: setup
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const base = process.env.CONTACTS_URL ?? "http://127.0.0.1:8000";
const mails = process.env.CONTACTS_MAIL ?? "./data/mail";
const email = `ada-${Date.now()}-${process.pid}@example.com`;
const password = "correct horse battery staple";

let token: string | undefined;

/** Speaks JSON with the service; the answer must have the wanted status. */
async function call<Body = void>(
  wanted: number,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ body: Body; headers: Headers }> {
  const form = body instanceof FormData;
  const answer = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && !form && { "Content-Type": "application/json" }),
      ...headers,
    },
    body: form ? body : body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  assert.equal(answer.status, wanted, `${method} ${path}: ${text}`);
  return { body: (text ? JSON.parse(text) : undefined) as Body, headers: answer.headers };
}
// ANCHOR_END: setup

// ANCHOR: types
type Tokens = { access_token: string; refresh_token: string; expires_in: number };
type User = { email: string; email_verified: boolean; avatar_url: string | null };
type Details = {
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone: string | null;
  birthday: string | null;
};
type Contact = Details & { id: string; additional_data: string | null; labels: string[] };
type Page = { items: Contact[]; next_cursor: string | null };
type Birthdays = { items: { contact: Contact; next_birthday: string; days_until: number; turning: number | null }[] };
type Changes = {
  changes: { id: string; deleted: boolean; contact?: Contact }[];
  next_token: string;
  has_more: boolean;
};
type Outcome = { results: { index: number; status: number; contact?: Contact }[] };
type Problem = { code: string; detail: string; errors: { pointer: string; code: string; detail: string }[] };
// ANCHOR_END: types

console.log("1. Register");
// ANCHOR: register
const { body: user } = await call<User>(201, "POST", "/auth/register", { email, password });
assert.equal(user.email_verified, false);
// ANCHOR_END: register

console.log("2. Verify the e-mail");
// ANCHOR: verify
/** The mail, which a worker writes a moment after the answer. */
async function mailTo(address: string): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    for (const file of await readdir(mails).catch(() => [])) {
      const mail = await readFile(`${mails}/${file}`, "utf8");
      if (mail.includes(`To: ${address}\r\n`)) return mail;
    }
    await sleep(200);
  }
  throw new Error(`no mail to ${address} in ${mails}`);
}

// Its text is quoted-printable: a = at the end of a line joins it with the next one, =3D is a =.
const text = (await mailTo(email)).replaceAll("=\r\n", "").replaceAll("=3D", "=");
const link = { token: text.match(/verify-email\?token=([\w-]+)/)?.[1] };
await call(204, "POST", "/auth/email/verify", link);
const used = await call<Problem>(400, "POST", "/auth/email/verify", link);
assert.equal(used.body.code, "invalid_link");
// ANCHOR_END: verify

console.log("3. Log in");
// ANCHOR: login
const login = await call<Tokens>(200, "POST", "/auth/login", { email, password });
token = login.body.access_token;
assert.equal((await call<User>(200, "GET", "/users/me")).body.email_verified, true);
// ANCHOR_END: login

console.log("4. Refresh");
// ANCHOR: refresh
const { refresh_token } = login.body;
token = (await call<Tokens>(200, "POST", "/auth/refresh", { refresh_token })).body.access_token;
// ANCHOR_END: refresh

console.log("5. Create, once");
// ANCHOR: create
const jan: Details = {
  first_name: "Jan",
  last_name: "Łukasiewicz",
  email: "jan@example.com",
  phone: "+48 22 555 13 10",
  birthday: "1878-12-21",
};
const key = { "Idempotency-Key": "add-jan" };
const first = await call<Contact>(201, "POST", "/contacts", jan, key);
const again = await call<Contact>(201, "POST", "/contacts", jan, key);
const { id } = first.body;
assert.equal(again.body.id, id);
const path = `/contacts/${id}`;
assert.equal(first.headers.get("Location"), `/api/v1${path}`);

const faulty = { first_name: "", email: "nobody", phone: "1" };
const refused = await call<Problem>(422, "POST", "/contacts", faulty);
assert.deepEqual(
  refused.body.errors.map((fault) => fault.pointer).sort(),
  ["/birthday", "/email", "/first_name", "/last_name", "/phone"],
);
// ANCHOR_END: create
await call(201, "POST", "/contacts", {
  first_name: "Maria",
  last_name: "Skłodowska-Curie",
  email: "maria@example.com",
  phone: "+33 1 55 55 67 00",
  birthday: "1867-11-07",
});
await call(201, "POST", "/contacts", {
  first_name: "Stefan",
  last_name: "Banach",
  email: "stefan@example.com",
  phone: "+48 12 555 33 33",
  birthday: "--03-30",
});

console.log("6. List, page by page");
// ANCHOR: list
/** All contacts of a list, however many pages it has. */
async function* everybody(query: Record<string, string>): AsyncGenerator<Contact> {
  for (let cursor: string | null = ""; cursor !== null; ) {
    const search = new URLSearchParams(cursor ? { ...query, cursor } : query);
    const { body } = await call<Page>(200, "GET", `/contacts?${search}`);
    yield* body.items;
    cursor = body.next_cursor;
  }
}

const names: (string | null)[] = [];
for await (const contact of everybody({ limit: "2" })) names.push(contact.last_name);
assert.deepEqual(names, ["Banach", "Łukasiewicz", "Skłodowska-Curie"]);
// ANCHOR_END: list

console.log("7. Search");
// ANCHOR: search
for (const q of ["lukasiewicz", "lukasiewcz", "48 22", "555-13"]) {
  const { body } = await call<Page>(200, "GET", `/contacts?${new URLSearchParams({ q })}`);
  assert.deepEqual(body.items.map((contact) => contact.last_name), ["Łukasiewicz"], q);
}
// ANCHOR_END: search

console.log("8. Replace, and lose no edit");
// ANCHOR: replace
const read = await call<Contact>(200, "GET", path);
const match = { "If-Match": read.headers.get("ETag") ?? "" };
await call(200, "PUT", path, { ...jan, email: "jan@example.org" }, match);
const stale = await call<Problem>(412, "PUT", path, { ...jan, phone: "+48 22 555 00 00" }, match);
assert.equal(stale.body.code, "precondition_failed");
// ANCHOR_END: replace

console.log("9. Patch");
// ANCHOR: patch
const patch = { additional_data: "Writes without parentheses.", labels: ["logic"] };
const patched = await call<Contact>(200, "PATCH", path, patch, {
  "Content-Type": "application/merge-patch+json",
});
assert.equal(patched.body.email, "jan@example.org");
assert.deepEqual(patched.body.labels, ["logic"]);
// ANCHOR_END: patch

console.log("10. Birthdays");
// ANCHOR: birthdays
const near = await call<Birthdays>(200, "GET", "/contacts/birthdays?from=2027-12-18&days=7");
assert.deepEqual(
  near.body.items.map((item) => [item.next_birthday, item.days_until, item.turning]),
  [["2027-12-21", 3, 149]],
);
// ANCHOR_END: birthdays

console.log("11. Batch");
// ANCHOR: batch
const { next_token: since } = (await call<Changes>(200, "GET", "/contacts/changes")).body;
const alfred: Details = {
  first_name: "Alfred",
  last_name: "Tarski",
  email: "alfred@example.com",
  phone: "+1 510 555 0123",
  birthday: "1901-01-14",
};
const outcome = await call<Outcome>(200, "POST", "/contacts/batch", {
  operations: [
    { op: "update", id, patch: { labels: ["logic", "Lwów"] } },
    { op: "create", contact: alfred },
  ],
});
assert.deepEqual(outcome.body.results.map((result) => result.status), [200, 201]);

const failed = await call<Problem>(422, "POST", "/contacts/batch", {
  operations: [
    { op: "delete", id },
    { op: "create", contact: { first_name: "Nobody" } },
  ],
});
assert.equal(failed.body.code, "batch_failed");
await call(200, "GET", path);
// ANCHOR_END: batch

console.log("12. Delete and restore");
// ANCHOR: delete
await call(204, "DELETE", path);
await call(404, "GET", path);
const trash = await call<Page>(200, "GET", "/contacts/trash");
assert.deepEqual(trash.body.items.map((contact) => contact.id), [id]);
assert.equal((await call<Contact>(200, "POST", `${path}/restore`)).body.id, id);
await call(204, "DELETE", path);
// ANCHOR_END: delete

console.log("13. Follow the changes");
// ANCHOR: changes
const feed = await call<Changes>(200, "GET", `/contacts/changes?${new URLSearchParams({ since })}`);
const gone = feed.body.changes.filter((change) => change.deleted);
const kept = feed.body.changes.filter((change) => !change.deleted);
assert.deepEqual(gone.map((change) => change.id), [id]);
assert.deepEqual(kept.map((change) => change.contact?.last_name), ["Tarski"]);
assert.equal(feed.body.has_more, false);
// ANCHOR_END: changes

console.log("14. Show a picture");
// ANCHOR: avatar
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGOQ9bsBAAHPAURf8l/aAAAAAElFTkSuQmCC",
  "base64",
);
const form = new FormData();
form.append("file", new Blob([picture], { type: "image/png" }), "picture.png");
const { avatar_url } = (await call<User>(200, "PUT", "/users/me/avatar", form)).body;
const shown = await fetch(avatar_url ?? "");
assert.equal(shown.status, 200);
// ANCHOR_END: avatar

console.log("15. Log out");
// ANCHOR: logout
await call(204, "POST", "/auth/logout");
const after = await call<Problem>(401, "GET", "/contacts");
assert.equal(after.body.code, "invalid_token");
// ANCHOR_END: logout

console.log("Every step gave what the text says.");
