// From a new account to the end of its session. Each step says what it did; the first surprise ends the program.
import assert from "node:assert/strict";

import { connect, expectAnswer, expectDone, expectProblem, type Schemas } from "./api.js";
import { mailedToken } from "./mail.js";

const { CONTACTS_URL: url, CONTACTS_MAIL_FOLDER: mailFolder } = process.env;
assert(url !== undefined && mailFolder !== undefined, "CONTACTS_URL and CONTACTS_MAIL_FOLDER must be set");

const email = "ada.typescript@example.com";
const password = "correct horse battery staple";
const said = (step: string) => console.log(`  ${step}`);

const anybody = connect(url);

const user = expectAnswer(await anybody.POST("/api/v1/auth/register", { body: { email, password } }), 201);
assert.equal(user.email, email);
said(`registered ${user.email}`);

expectProblem(await anybody.POST("/api/v1/auth/register", { body: { email, password } }), "email_taken");
expectProblem(await anybody.POST("/api/v1/auth/login", { body: { email, password } }), "email_not_verified");
said("refused to register it twice, and to log in before it is verified");

const token = await mailedToken(mailFolder, email);
expectDone(await anybody.POST("/api/v1/auth/email/verify", { body: { token } }));
expectProblem(await anybody.POST("/api/v1/auth/email/verify", { body: { token } }), "invalid_link");
said("verified the e-mail, which a link does once");

const tokens = expectAnswer(await anybody.POST("/api/v1/auth/login", { body: { email, password } }), 200);
const api = connect(url, tokens.access_token);
said(`logged in for ${tokens.expires_in} seconds`);

const person: Schemas["ContactInput"] = {
  first_name: "Jan",
  last_name: "Łukasiewicz",
  email: "jan@example.com",
  phone: "+48 22 555 13 10",
  birthday: `--${monthAndDayIn(3)}`,
};
const creation = await api.POST("/api/v1/contacts", {
  body: person,
  params: { header: { "Idempotency-Key": "tutorial-1" } },
});
const created = expectAnswer(creation, 201);
const etag = creation.response.headers.get("ETag");
assert(etag !== null);
assert.equal(created.phone_e164, "+48225551310");
said(`created ${created.first_name} ${created.last_name}`);

const page = expectAnswer(await api.GET("/api/v1/contacts", { params: { query: { sort: "-created_at", limit: 10 } } }), 200);
assert.deepEqual(page.items.map((item) => item.id), [created.id]);
assert.equal(page.next_cursor, null);
said(`listed ${page.items.length} contact`);

const found = expectAnswer(await api.GET("/api/v1/contacts", { params: { query: { q: "lukasiewicz" } } }), 200);
assert.deepEqual(found.items[0]?.matched_fields, ["last_name"]);
said("found it without its accent");

const one = { id: created.id };
const update = await api.PATCH("/api/v1/contacts/{id}", {
  params: { path: one, header: { "If-Match": etag } },
  body: { additional_data: "Met at a conference.", labels: ["Logic"] },
});
assert.deepEqual(expectAnswer(update, 200).labels, ["Logic"]);
const late = await api.PATCH("/api/v1/contacts/{id}", {
  params: { path: one, header: { "If-Match": etag } },
  body: { additional_data: null },
});
expectProblem(late, "precondition_failed");
said("updated it, and refused an update of what it was before");

const birthdays = expectAnswer(
  await api.GET("/api/v1/contacts/birthdays", { params: { query: { days: 7, tz: "UTC" } } }),
  200,
);
assert.deepEqual(birthdays.items.map((item) => [item.contact.id, item.turning]), [[created.id, null]]);
said("found the birthday in the next 7 days");

expectDone(await api.DELETE("/api/v1/contacts/{id}", { params: { path: one } }));
expectProblem(await api.GET("/api/v1/contacts/{id}", { params: { path: one } }), "not_found");
said("deleted it");

const refresh = (refresh_token: string) => anybody.POST("/api/v1/auth/refresh", { body: { refresh_token } });
const renewed = expectAnswer(await refresh(tokens.refresh_token), 200);
assert.notEqual(renewed.refresh_token, tokens.refresh_token);
said("refreshed the session");

const again = connect(url, renewed.access_token);
assert.equal(expectAnswer(await again.GET("/api/v1/users/me"), 200).email_verified, true);
expectDone(await again.POST("/api/v1/auth/logout"));
expectProblem(await again.GET("/api/v1/users/me"), "invalid_token");
expectProblem(await refresh(renewed.refresh_token), "invalid_token");
said("logged out: neither token works any more");

/** In the form of a birthday without its year. */
function monthAndDayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(5, 10);
}
