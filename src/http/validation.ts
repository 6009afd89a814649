import { type ArgumentMetadata, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { type FieldProblem, ProblemError } from './problem.js';

/** Refuses unknown and ill-typed fields, naming each. */
export function validationPipe(): ValidationPipe {
  return new RequestValidation({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    exceptionFactory: requestInvalid,
  });
}

class RequestValidation extends ValidationPipe {
  // Otherwise a body that got lost would pass for one that leaves everything out.
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && (value === undefined || value === null)) {
      throw new ProblemError(400, 'request-malformed', 'this needs a JSON body; an empty one is {}');
    }
    return super.transform(value, metadata);
  }
}

function requestInvalid(errors: ValidationError[]): ProblemError {
  const fields = errors.flatMap((error) => fieldProblems(error, ''));
  const detail = fields.map(({ field, rule }) => `${field} ${rule}`).join('; ');
  return new ProblemError(400, 'request-invalid', detail || 'the request is not of the documented form', {
    errors: fields,
  });
}

function fieldProblems({ property, constraints, children }: ValidationError, parent: string): FieldProblem[] {
  const field = /^\d+$/.test(property) ? `${parent}[${property}]` : [parent, property].filter(Boolean).join('.');
  const own = Object.values(constraints ?? {}).map((message) => ({ field, rule: ruleOf(message, property) }));
  return [...own, ...(children ?? []).flatMap((child) => fieldProblems(child, field))];
}

// class-validator's messages start with the property, or speak of it: "property x should not exist".
function ruleOf(message: string, property: string): string {
  if (message === `property ${property} should not exist`) return 'is not a known field';
  return message.startsWith(`${property} `) ? message.slice(property.length + 1) : message;
}
