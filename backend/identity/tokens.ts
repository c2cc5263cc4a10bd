// The texts that people and programs sign in with: access tokens, refresh tokens and API keys.
import { createHash, createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { role, type Role } from '../../shared/permissions.ts';
import type { Clock } from '../platform/clock.ts';
import { deriveKey } from '../platform/vault.ts';

/** Seconds that an access token lives. */
export const ACCESS_SECONDS = 15 * 60;
/** Days that a refresh token lives when nobody uses it. */
export const REFRESH_DAYS = 30;

export interface AccessClaims {
  userId: string;
  sessionId: string;
  organizationId: string;
  role: Role;
}

const claimsSchema = z.object({ sub: z.uuid(), sid: z.uuid(), organization_id: z.uuid(), role });

export interface Tokens {
  issueAccess(claims: AccessClaims): Promise<string>;
  /** The claims of a token that we signed and that has not run out; otherwise undefined. */
  readAccess(token: string): Promise<AccessClaims | undefined>;
  /** The token that comes after this one; the same each time, so that a lost answer can be given again. */
  successorOf(refreshToken: string): string;
}

export function createTokens(masterKey: Uint8Array, clock: Clock): Tokens {
  const signing = createSecretKey(deriveKey(masterKey, 'access-token'));
  const refresh = deriveKey(masterKey, 'refresh-token');
  return {
    issueAccess({ userId, sessionId, organizationId, role: present }) {
      const seconds = Math.floor(clock.now().getTime() / 1000);
      return new SignJWT({ sid: sessionId, organization_id: organizationId, role: present })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(userId)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + ACCESS_SECONDS)
        .sign(signing);
    },
    async readAccess(token) {
      try {
        const { payload } = await jwtVerify(token, signing, {
          algorithms: ['HS256'],
          currentDate: clock.now(),
        });
        const claims = claimsSchema.parse(payload);
        return {
          userId: claims.sub,
          sessionId: claims.sid,
          organizationId: claims.organization_id,
          role: claims.role,
        };
      } catch {
        // Whatever is wrong with it, the caller is told the same.
        return undefined;
      }
    },
    successorOf: (refreshToken) => createHmac('sha256', refresh).update(refreshToken).digest('base64url'),
  };
}

/** The first refresh token of a session: 256 random bits. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/** All that the database keeps of a secret with 256 bits of entropy. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares two hashes in a time that does not tell where they differ. */
export function sameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** How every API key begins; secret scanners look for it. */
export const KEY_PREFIX = 'sbx_';
const keyText = /^sbx_([0-9a-f]{32})([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;

function bare(id: string): string {
  return id.replaceAll('-', '');
}
function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** What a key begins with, before its secret: it names its tenant and itself, and opens nothing. */
export function keyPrefix(tenantId: string, keyId: string): string {
  return `${KEY_PREFIX}${bare(tenantId)}${bare(keyId)}`;
}

/** A new key's text, which names its tenant and itself, and the secret part of it. */
export function newKeyText(tenantId: string, keyId: string): { key: string; secret: string; prefix: string } {
  const secret = randomBytes(32).toString('base64url');
  const prefix = keyPrefix(tenantId, keyId);
  return { key: `${prefix}_${secret}`, secret, prefix };
}

/** The parts of a key's text, or undefined for anything that is not one. */
export function parseKeyText(text: string): { tenantId: string; keyId: string; secret: string } | undefined {
  const parts = keyText.exec(text);
  if (!parts) return undefined;
  return { tenantId: dashed(parts[1]!), keyId: dashed(parts[2]!), secret: parts[3]! };
}
