// Without SMTP_URL mails are files, which a program can read as a user reads their mail.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The token of the link in a mail to this address. A mail is sent by a worker, soon after the answer. */
export async function mailedToken(folder: string, recipient: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    for (const mail of await mails(folder)) {
      const token = mail.includes(`To: ${recipient}\n`) ? /[?&]token=([\w-]+)/.exec(mail)?.[1] : undefined;
      if (token !== undefined) return token;
    }
    await sleep(100);
  }
  throw new Error(`no mail to ${recipient} in ${folder}`);
}

async function mails(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".eml")).map((name) => readFile(join(folder, name), "utf8"));
  return (await Promise.all(files)).map(fromQuotedPrintable);
}

/** RFC 2045 section 6.7, as far as ASCII needs it. */
function fromQuotedPrintable(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll("=\n", "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
