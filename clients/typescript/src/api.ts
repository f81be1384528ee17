// A client of the service: what openapi-fetch makes of the generated types, and a token that every request carries.
import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];
export type Api = Client<paths>;

export function connect(baseUrl: string, accessToken?: string): Api {
  return createClient<paths>({
    baseUrl,
    headers: accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` },
  });
}

/** An answer as openapi-fetch gives it: what was asked for, or a problem (RFC 9457), never both. */
interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** What was asked for; anything else ends the program. */
export function expectAnswer<Data>(answer: Answer<Data>, status: number): Data {
  if (answer.response.status !== status || answer.data === undefined) throw unexpected(answer, status);
  return answer.data;
}

/** An answer without a body. */
export function expectDone(answer: Answer<unknown>): void {
  if (answer.response.status !== 204) throw unexpected(answer, 204);
}

/** A refusal with this code, which is what a program looks at. */
export function expectProblem(answer: { error?: Schemas["Problem"]; response: Response }, code: string): void {
  if (answer.error?.code !== code) throw unexpected(answer, code);
}

function unexpected(answer: Answer<unknown>, expected: number | string): Error {
  return new Error(`expected ${expected}, got ${answer.response.status}: ${JSON.stringify(answer.error ?? answer.data)}`);
}
