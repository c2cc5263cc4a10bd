// The command that connects an external agent: a loop for any POSIX shell that claims work and completes it. Pure.

/** Stands where the key will be, until one is made. */
export const KEY_PLACEHOLDER = 'paste-the-key-here';

/** Within single quotes, for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Seconds that a claim waits for work; while it waits the agent counts as heard. */
const WAIT_SECONDS = 20;

/** Claims one task and prints it: what an agent does first. It then holds the task until its lease ends. */
export function claimCommand(url: string, key: string): string {
  return [
    `export SIGNALBOX_KEY=${quoted(key)}`,
    `curl -sS -X POST ${quoted(`${url}/api/agent/claim`)} \\`,
    `  -H "Authorization: Bearer $SIGNALBOX_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"waitSeconds":${WAIT_SECONDS}}'`,
  ].join('\n');
}

/**
 * Claims, prints and completes until it is stopped. No comments and no `!`: interactive shells stumble over both.
 * The id is the first field of the answer's task; the token's field cannot stand unescaped inside a text.
 */
export function loopCommand(url: string, key: string): string {
  return `export SIGNALBOX_KEY=${quoted(key)}
SIGNALBOX_URL=${quoted(url)}
post() {
  curl -sS -X POST "$SIGNALBOX_URL/api/agent/$1" \\
    -H "Authorization: Bearer $SIGNALBOX_KEY" \\
    -H 'Content-Type: application/json' -d "$2"
}
read_field() { printf '%s' "$claim" | LC_ALL=C sed -n "$1"; }
while :; do
  claim=$(post claim '{"waitSeconds":${WAIT_SECONDS}}') || { sleep 5; continue; }
  [ -n "$claim" ] || continue
  id=$(read_field 's/^{"task":{"id":"\\([^"]*\\)".*/\\1/p')
  token=$(read_field 's/.*"lease":{"token":"\\([^"]*\\)".*/\\1/p')
  [ -n "$id" ] || { printf '%s\\n' "$claim" >&2; sleep 5; continue; }
  printf '%s\\n' "$claim"
  output="Done by the example loop on $(uname -n)."
  answer=$(post "tasks/$id/complete" \\
    "{\\"leaseToken\\":\\"$token\\",\\"output\\":\\"$output\\"}")
  case $answer in
    *'"state":"succeeded"'*) printf 'Completed %s\\n' "$id" ;;
    *) printf '%s\\n' "$answer" >&2 ;;
  esac
done`;
}
