import { Module } from '@nestjs/common';
import { TasksModule } from '../tasks/tasks.module.js';
import { BinsController } from './bins.controller.js';
import { RoleEdits } from './role-edits.service.js';
import { RoleMetadataController } from './role-metadata.controller.js';
import { RoleReader } from './role-reader.service.js';
import { RoleSigners } from './role-signers.service.js';
import { RolesController } from './roles.controller.js';
import { RolesService } from './roles.service.js';
import { RootProposals } from './root-proposals.service.js';

@Module({
  imports: [TasksModule],
  controllers: [RolesController, RoleMetadataController, BinsController],
  providers: [RolesService, RoleReader, RoleSigners, RoleEdits, RootProposals],
})
export class RolesModule {}
