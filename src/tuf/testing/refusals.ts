import { TufError, type TufErrorCode } from '../errors.js';

/** The code with which `act` refuses; any other error passes through. */
export function refusalOf(act: () => unknown): TufErrorCode | 'accepted' {
  return refusal(act)?.code ?? 'accepted';
}

/** The refusal itself, or undefined when `act` goes through; any other error passes through. */
export function refusal(act: () => unknown): TufError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof TufError) return error;
    throw error;
  }
}
