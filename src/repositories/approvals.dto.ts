import { ApiProperty } from '@nestjs/swagger';
import { IsArray, IsIn } from 'class-validator';
import type { WantedApprovals } from '../database/approval.store.js';
import { APPROVAL_NAMES, APPROVALS, type Approval } from '../tuf/approval.js';

const LIST = Object.entries(APPROVALS).map(([name, what]) => `- \`${name}\`: ${what}`);

export class SetApprovalsDto {
  @ApiProperty({
    enum: APPROVAL_NAMES,
    isArray: true,
    description: `What somebody else has to approve; an empty list for nothing.\n\n${LIST.join('\n')}`,
    example: ['artifact-removals'],
  })
  @IsArray()
  @IsIn(APPROVAL_NAMES, { each: true, message: 'approvals must be among those that the API documents' })
  readonly approvals!: readonly Approval[];
}

export class ProposedApprovalsDto {
  @ApiProperty({ enum: APPROVAL_NAMES, isArray: true, description: 'What it is to be.', example: [] })
  readonly approvals!: readonly Approval[];

  @ApiProperty({ description: 'Who wants it; somebody else has to ask for the same.', example: 'administrator' })
  readonly proposedBy!: string;

  @ApiProperty({ format: 'date-time', description: 'Since when.' })
  readonly proposedAt!: string;
}

export class ApprovalsDto {
  @ApiProperty({
    enum: APPROVAL_NAMES,
    isArray: true,
    description: 'What somebody else has to approve.',
    example: ['artifact-removals'],
  })
  readonly approvals!: readonly Approval[];

  @ApiProperty({
    type: ProposedApprovalsDto,
    nullable: true,
    description: 'Less of that, as somebody wants it; it takes effect when a second principal asks for the same.',
  })
  readonly proposal!: ProposedApprovalsDto | null;
}

export function approvalsDto({ approvals, proposal }: WantedApprovals): ApprovalsDto {
  return {
    approvals,
    proposal: proposal && {
      approvals: proposal.approvals,
      proposedBy: proposal.principal,
      proposedAt: proposal.at,
    },
  };
}
