import { newWebhookSecret, webhookSignature } from './webhook-signature.js';

describe('the signature of a webhook message', () => {
  test('is the one of the published example of Standard Webhooks', () => {
    const signature = webhookSignature(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
    );
    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('depends on the secret, the id, the time and the body', () => {
    const secret = newWebhookSecret();
    const signatures = [
      webhookSignature(secret, 'id', 1, '{}'),
      webhookSignature(newWebhookSecret(), 'id', 1, '{}'),
      webhookSignature(secret, 'other', 1, '{}'),
      webhookSignature(secret, 'id', 2, '{}'),
      webhookSignature(secret, 'id', 1, '{ }'),
    ];
    expect(new Set(signatures).size).toBe(signatures.length);
  });

  test('is made with 256 random bits', () => {
    const secret = newWebhookSecret();
    expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32);
    expect(newWebhookSecret()).not.toBe(secret);
  });
});
