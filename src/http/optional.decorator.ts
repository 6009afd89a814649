import { ValidateIf } from 'class-validator';

/** The field may be left out; unlike with IsOptional, null is no way to leave it out. */
export const Optional = () => ValidateIf((_, value) => value !== undefined);
