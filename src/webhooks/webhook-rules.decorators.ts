import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsArray, IsIn, Matches } from 'class-validator';
import { WEBHOOK_EVENT_TYPES } from '../database/webhook-event.js';
import { REPOSITORY_NAME } from '../http/repository-name.js';

const MOST_REPOSITORIES = 100;

export function AreEventTypes(): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMinSize(1), ArrayUnique(), IsIn(WEBHOOK_EVENT_TYPES, { each: true }));
}

export function AreRepositoryNames(): PropertyDecorator {
  const message = 'repositories must be names of repositories';
  return applyDecorators(
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MOST_REPOSITORIES),
    Matches(REPOSITORY_NAME, { each: true, message }),
  );
}
