import { Injectable, type PipeTransform } from '@nestjs/common';
import { parseRoleName, type RoleName } from '../tuf/role-name.js';

@Injectable()
export class RoleNamePipe implements PipeTransform<string, RoleName> {
  transform(name: string): RoleName {
    return parseRoleName(name);
  }
}
