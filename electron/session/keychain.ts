// The operating system's keychain, or null where there is none that deserves the name.

export interface Keychain {
  /** Answers base64. */
  encrypt(text: string): string;
  /** Takes base64; throws when the keychain does not open it. */
  decrypt(encrypted: string): string;
}

/** The synchronous part of Electron's safeStorage; its asynchronous one crashed. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** Linux only. */
  getSelectedStorageBackend?(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

/** Opens the keychain. On Linux `basic_text` is a password known to everybody, which is none at all. */
export function openKeychain(safeStorage: SafeStorage, platform: string): Keychain | null {
  try {
    if (!safeStorage.isEncryptionAvailable()) return null;
    if (platform === 'linux' && safeStorage.getSelectedStorageBackend?.() === 'basic_text') return null;
    // Availability is a promise only: without a keyring daemon encryptString throws all the same.
    safeStorage.encryptString('probe');
  } catch {
    return null;
  }
  return {
    encrypt: (text) => safeStorage.encryptString(text).toString('base64'),
    decrypt: (encrypted) => safeStorage.decryptString(Buffer.from(encrypted, 'base64')),
  };
}
