// Passwords: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane), and the same work for an unknown
// address.
import { hash, verify } from '@node-rs/argon2';

// Argon2id is 2 in the library's const enum, which type stripping cannot import.
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Of a random password that nobody knows, made with the parameters above. */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$Hg345cqhjlTqjAuzLc+e+w$6N5/PT+77lRS5JxyRlNYIHYUfpZVy4r9y6O5hQK78GE';

export function hashPassword(password: string): Promise<string> {
  return hash(password, parameters);
}

/** Whether the password is the one of the hash; without a hash it costs the same time and is false. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const fits = await verify(passwordHash ?? NOBODY, password);
  return fits && passwordHash !== undefined;
}
