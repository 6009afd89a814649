import { Module } from '@nestjs/common';
import { OnlineSigner } from './online-signer.service.js';
import { Publisher } from './publisher.service.js';
import { PublishingLoop } from './publishing-loop.service.js';
import { RevisionSigner } from './revision-signer.service.js';

@Module({ providers: [OnlineSigner, RevisionSigner, Publisher, PublishingLoop], exports: [PublishingLoop] })
export class PublishingModule {}
