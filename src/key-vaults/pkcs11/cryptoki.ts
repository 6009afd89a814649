/** What is used of the npm package pkcs11js: PKCS #11 as its specification names it. */
export interface Cryptoki {
  readonly PKCS11: new () => CryptokiModule;
}

export type Handle = Buffer;

export interface Attribute {
  readonly type: number;
  readonly value?: Buffer | number | boolean;
}

export interface Mechanism {
  readonly mechanism: number;
  readonly parameter?: { type: number; hashAlg: number; mgf: number; saltLen: number };
}

export interface CryptokiModule {
  load(path: string): void;
  C_Initialize(options: { flags: number }): void;
  C_GetSlotList(tokenPresent: boolean): Handle[];
  C_GetTokenInfo(slot: Handle): { label: string; serialNumber: string };
  C_OpenSession(slot: Handle, flags: number): Handle;
  C_CloseSession(session: Handle): void;
  C_Login(session: Handle, userType: number, pin: string): void;
  C_FindObjectsInit(session: Handle, template: Attribute[]): void;
  C_FindObjects(session: Handle, most: number): Handle[];
  C_FindObjectsFinal(session: Handle): void;
  C_GetAttributeValue(session: Handle, object: Handle, template: Attribute[]): { value: Buffer }[];
  C_SignInit(session: Handle, mechanism: Mechanism, key: Handle): void;
  C_SignAsync(session: Handle, input: Buffer, output: Buffer): Promise<Buffer>;
}

/** Numbers of PKCS #11 3.0 (pkcs11t.h); CK_PARAMS_RSA_PSS is a number of pkcs11js itself. */
export const CKF_OS_LOCKING_OK = 0x2;
export const CKF_SERIAL_SESSION = 0x4;
export const CKU_USER = 1;
export const CKA_CLASS = 0x0;
export const CKA_LABEL = 0x3;
export const CKA_KEY_TYPE = 0x100;
export const CKA_ID = 0x102;
export const CKA_MODULUS = 0x120;
export const CKA_PUBLIC_EXPONENT = 0x122;
export const CKA_EC_PARAMS = 0x180;
export const CKA_EC_POINT = 0x181;
export const CKO_PUBLIC_KEY = 2;
export const CKO_PRIVATE_KEY = 3;
export const CKK_RSA = 0x0;
export const CKK_EC = 0x3;
export const CKK_EC_EDWARDS = 0x40;
export const CKM_RSA_PKCS_PSS = 0xd;
export const CKM_SHA256 = 0x250;
export const CKM_ECDSA = 0x1041;
export const CKM_EDDSA = 0x1057;
export const CKG_MGF1_SHA256 = 0x2;
export const CK_PARAMS_RSA_PSS = 5;
export const CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191;
export const CKR_USER_ALREADY_LOGGED_IN = 0x100;
