import { Module } from '@nestjs/common';
import { OnlineSigner } from './online-signer.service.js';
import { PublishedCache } from './published-cache.js';
import { Publisher } from './publisher.service.js';
import { PublishingLoop } from './publishing-loop.service.js';
import { RevisionMaker } from './revision-maker.service.js';
import { RevisionSigner } from './revision-signer.service.js';
import { WorkAtHand } from './work-at-hand.service.js';

@Module({
  providers: [OnlineSigner, PublishedCache, RevisionSigner, RevisionMaker, WorkAtHand, Publisher, PublishingLoop],
  exports: [PublishingLoop],
})
export class PublishingModule {}
